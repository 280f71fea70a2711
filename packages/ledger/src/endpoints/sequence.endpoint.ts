import { json, type Route } from '@attestel/core';
import type { Ledger } from '../ledger.ts';
import { parseQuery } from './query.ts';

/** What an actor must write into its next operation of a module ordered by actor. */
export const sequenceEndpoint = (ledger: Ledger): Route => ({
  method: 'GET',
  path: '/v1/ledger/sequences/:module/:actor',
  summary: 'Next sequence of an actor in a module',
  errors: 'problem',
  cors: true,
  handle({ url, params }) {
    parseQuery(url, []);
    const { module = '', actor = '' } = params;
    return json({ sequence: ledger.sequence(module, actor) }, 200, { 'cache-control': 'no-store' });
  },
});
