import type { Route } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { readTile } from '../tiles/read-tile.ts';
import { parseTilePath } from '../tiles/tile-path.ts';
import { parseQuery } from './query.ts';

/** What an address names never changes, partial tiles included. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Tiles of the log's hash tree and bundles of its entries (C2SP tlog-tiles). */
export const tileEndpoint = (ledger: Ledger): Route => ({
  method: 'GET',
  path: '/v1/ledger/tlog/tile/*path',
  summary: 'Tile of log hashes or bundle of entries (C2SP tlog-tiles)',
  errors: 'problem',
  cors: true,
  handle({ url, params }) {
    parseQuery(url, []);
    const address = parseTilePath(params.path ?? '');
    if (!address) throw fail('tile_unknown', { field: 'path' });
    return {
      status: 200,
      headers: { 'content-type': 'application/octet-stream', 'cache-control': IMMUTABLE },
      body: readTile(ledger, address),
    };
  },
});
