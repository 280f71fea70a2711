import type { Route } from '@attestel/core';
import type { Ledger } from '../ledger.ts';
import { parseQuery } from './query.ts';

/** The signed C2SP checkpoint of the last durable block. */
export const checkpointEndpoint = (ledger: Ledger): Route => ({
  method: 'GET',
  path: '/v1/ledger/checkpoint',
  summary: 'Signed checkpoint of the log (C2SP tlog-checkpoint)',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    parseQuery(url, []);
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' },
      body: ledger.head().checkpoint,
    };
  },
});
