import { json, type Route } from '@attestel/core';
import type { Ledger } from '../ledger.ts';
import { parseQuery, parseWholeNumber } from './query.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 256;

/** The signed checkpoint of each block: who follows the log compares one after the other with its own. */
export const blocksEndpoint = (ledger: Ledger): Route => ({
  method: 'GET',
  path: '/v1/ledger/blocks',
  summary: 'Blocks from a height on, each with its signed checkpoint',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    const query = parseQuery(url, ['from', 'limit']);
    const max = Number.MAX_SAFE_INTEGER - MAX_LIMIT;
    const from = parseWholeNumber(query.from, { field: 'from', fallback: 1, min: 1, max });
    const limits = { field: 'limit', fallback: DEFAULT_LIMIT, min: 1, max: MAX_LIMIT };
    const limit = parseWholeNumber(query.limit, limits);
    const { height } = ledger.head();
    return json({ height, blocks: [...ledger.blocks(from, limit)] }, 200, { 'cache-control': 'no-cache' });
  },
});
