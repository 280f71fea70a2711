import type { Bytes } from '@attestel/core';
import { HASH_BYTES, hashNode, type NodeAt } from '@attestel/proof';
import { sha256 } from '../sha256.ts';
import { availableWidth, formatTilePath, TILE_HEIGHT, TILE_WIDTH, type TileAddress } from './tile-path.ts';

/** Fetches the bytes of a tile. Undefined or of another length: the tile is not to be had. */
export type FetchTile = (address: TileAddress) => Promise<Bytes | undefined>;

/** A proof of ours needs a few tiles a level; whoever makes us ask for more leads us astray. */
const MAX_TILES = 64;

/** Not an error: says which tile a computation needs next. */
class MissingTile {
  readonly address: TileAddress;

  constructor(address: TileAddress) {
    this.address = address;
  }
}

/**
 * Runs a computation over the nodes of a log of this size, fetching the tiles it turns out to need. Nothing is
 * verified here: the computation must lead to a root that is. Undefined when a tile is not to be had.
 */
export async function withTiles<T>(
  fetchTile: FetchTile,
  size: number,
  work: (nodeAt: NodeAt) => T,
): Promise<T | undefined> {
  const tiles = new Map<string, Bytes>();
  const nodeAt: NodeAt = (level, index) => nodeIn(tiles, size, level, index);
  for (let fetched = 0; fetched <= MAX_TILES; fetched++) {
    try {
      return work(nodeAt);
    } catch (missing) {
      if (!(missing instanceof MissingTile)) throw missing;
      const tile = await fetchTile(missing.address);
      if (tile?.length !== missing.address.width * HASH_BYTES) return undefined;
      tiles.set(formatTilePath(missing.address), tile);
    }
  }
  return undefined;
}

/** A complete subtree's hash, from the hashes of the tile whose level is at or next below its own. */
function nodeIn(tiles: ReadonlyMap<string, Bytes>, size: number, level: number, index: number): Bytes {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const span = 2 ** (level % TILE_HEIGHT);
  const first = index * span;
  const at = { level: tileLevel, index: Math.floor(first / TILE_WIDTH) };
  const address = { ...at, width: availableWidth(at, size) };
  const offset = first % TILE_WIDTH;
  if (offset + span > address.width) throw new RangeError('log: no complete subtree there');
  const tile = tiles.get(formatTilePath(address));
  if (!tile) throw new MissingTile(address);
  return foldHashes(
    Array.from({ length: span }, (_, i) =>
      tile.slice((offset + i) * HASH_BYTES, (offset + i + 1) * HASH_BYTES),
    ),
  );
}

/** Root over a power of two of hashes. */
function foldHashes(hashes: readonly Bytes[]): Bytes {
  let row = hashes;
  while (row.length > 1) {
    const above: Bytes[] = [];
    for (let i = 0; i < row.length; i += 2)
      above.push(hashNode(sha256, row[i] as Bytes, row[i + 1] as Bytes));
    row = above;
  }
  return row[0] as Bytes;
}
