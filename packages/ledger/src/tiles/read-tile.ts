import { type Bytes, concatBytes } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { encodeBundle } from './bundle.ts';
import { availableWidth, TILE_HEIGHT, TILE_WIDTH, type TileAddress } from './tile-path.ts';

/**
 * The bytes of a tile or bundle. Content of an address never changes: a partial one holds the first entries of what
 * is, or will be, the full one.
 * @param assertEntry told of each entry of a bundle before it is part of it; throws what the caller may not read
 * @throws AppError tile_unknown beyond the log, bundle_too_large when an entry does not fit into a bundle
 */
export function readTile(
  ledger: Ledger,
  address: TileAddress,
  assertEntry: (bytes: Bytes) => void = () => {},
): Bytes {
  const { level, index, width } = address;
  if (availableWidth(address, ledger.head().size) < width) throw fail('tile_unknown');
  const from = index * TILE_WIDTH;
  if (level === 'entries') {
    const entries = function* (): Generator<Bytes> {
      for (const { bytes } of ledger.entries(from, width)) {
        assertEntry(bytes);
        yield bytes;
      }
    };
    const bundle = encodeBundle(entries());
    if (!bundle) throw fail('bundle_too_large', { extra: { from, limit: width } });
    return bundle;
  }
  const node = (i: number): Bytes => ledger.proofs.logNode(level * TILE_HEIGHT, from + i);
  return concatBytes(...Array.from({ length: width }, (_, i) => node(i)));
}
