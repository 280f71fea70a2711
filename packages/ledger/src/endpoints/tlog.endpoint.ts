import type { Route } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { readTile } from '../tiles/read-tile.ts';
import { formatTilePath, parseTilePath } from '../tiles/tile-path.ts';
import { parseQuery } from './query.ts';
import { assertReadable, mayReadLeaf, type ReadGuard } from './read-guard.ts';

const PREFIX = '/v1/ledger/tlog/tile/';

/** What an address names never changes, partial tiles included. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** What was given to one who showed a token is nobody else's. */
const PRIVATE = 'private, max-age=31536000, immutable';

/** Tiles of the log's hash tree and bundles of its entries (C2SP tlog-tiles). */
export const tileEndpoint = (ledger: Ledger, guard: ReadGuard): Route => ({
  method: 'GET',
  path: `${PREFIX}*path`,
  summary: 'Tile of log hashes or bundle of entries (C2SP tlog-tiles)',
  errors: 'problem',
  cors: true,
  async handle(request) {
    parseQuery(request.url, []);
    const address = parseTilePath(request.params.path ?? '');
    // Percent-encoded, an address would have a second spelling, and a cache a second copy.
    if (!address || request.url.pathname !== `${PREFIX}${formatTilePath(address)}`)
      throw fail('tile_unknown', { field: 'path' });
    const mayRead = address.level === 'entries' ? await guard.readerOf(request) : undefined;
    const cacheControl = request.headers.authorization === undefined ? IMMUTABLE : PRIVATE;
    return {
      status: 200,
      headers: { 'content-type': 'application/octet-stream', 'cache-control': cacheControl },
      // A bundle is given whole or not at all.
      body: readTile(ledger, address, (bytes) => assertReadable(!mayRead || mayReadLeaf(mayRead, bytes))),
    };
  },
});
