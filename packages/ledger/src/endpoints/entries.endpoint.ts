import { json, type Route, toBase64url } from '@attestel/core';
import { hashLeaf } from '@attestel/proof';
import type { Ledger } from '../ledger.ts';
import { sha256 } from '../sha256.ts';
import { parseQuery, parseWholeNumber } from './query.ts';
import { mayReadLeaf, type ReadGuard } from './read-guard.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
/** Of leaf bytes in one answer; the first entry is always given, however large. */
const MAX_ANSWER_BYTES = 4_000_000;

/**
 * Entries of the log in order, as exact leaf bytes. Fewer than asked may come: go on after the last. Of an entry that the
 * caller may not read comes its leaf hash: it has the same place under the root.
 */
export const entriesEndpoint = (ledger: Ledger, guard: ReadGuard): Route => ({
  method: 'GET',
  path: '/v1/ledger/entries',
  summary: 'Entries of the log as their exact leaf bytes',
  errors: 'problem',
  cors: true,
  async handle(request) {
    const query = parseQuery(request.url, ['from', 'limit']);
    const max = Number.MAX_SAFE_INTEGER - MAX_LIMIT;
    const from = parseWholeNumber(query.from, { field: 'from', fallback: 0, min: 0, max });
    const limit = parseWholeNumber(query.limit, {
      field: 'limit',
      fallback: DEFAULT_LIMIT,
      min: 1,
      max: MAX_LIMIT,
    });
    const mayRead = await guard.readerOf(request);
    const { size } = ledger.head();
    const entries: { index: number; entry?: string; hash?: string }[] = [];
    let bytesLeft = MAX_ANSWER_BYTES;
    for (const { index, bytes } of ledger.entries(from, limit)) {
      bytesLeft -= bytes.length;
      if (bytesLeft < 0 && entries.length > 0) break;
      if (mayReadLeaf(mayRead, bytes)) entries.push({ index, entry: toBase64url(bytes) });
      else entries.push({ index, hash: toBase64url(hashLeaf(sha256, bytes)) });
    }
    return json({ size, entries }, 200, { 'cache-control': 'no-cache' });
  },
});
