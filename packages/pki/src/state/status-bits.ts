import type { Bytes } from '@attestel/core';
import type { State, StateReader } from '@attestel/ledger';
import type { Sha256 } from '../rules/hashes.ts';
import {
  childrenOf,
  EMPTY_HASH,
  FAN_OUT,
  hashContent,
  nodeOf,
  TILE_BITS,
  TOP_LEVEL,
  TREE_BITS,
  trimmed,
} from '../status/status-tree.ts';
import type { PkiState } from './records.ts';

export const STATUS_ROOT = 'status-root';

const LEVEL = 'status/';
const NUMBER_DIGITS = 6;
const nodeKey = (level: number, number: number): string =>
  `${LEVEL}${level}/${String(number).padStart(NUMBER_DIGITS, '0')}`;

/** What binds the whole set of those that are not good: one receipt of it proves a set that came from anywhere. */
export const readStatusRoot = (state: PkiState): Bytes =>
  (state.get(STATUS_ROOT) as Bytes | undefined) ?? EMPTY_HASH;

/**
 * Says of the certificate with an index whether its record has another status than `good`, be it over or still to come:
 * no bit turns by the passing of time.
 */
export function writeStatusBit(
  state: State,
  { index, isNotGood }: { readonly index: number; readonly isNotGood: boolean },
  sha256: Sha256,
): void {
  if (index >= TREE_BITS) throw new TypeError('status: index beyond the tree');
  let number = Math.floor(index / TILE_BITS);
  const tile = new Uint8Array(TILE_BITS / 8);
  tile.set(contentOf(state, 0, number));
  const bit = index % TILE_BITS;
  const mask = 0x80 >> (bit & 7);
  const byte = tile[bit >> 3] as number;
  tile[bit >> 3] = isNotGood ? byte | mask : byte & ~mask;
  let content = trimmed(tile);
  write(state, 0, number, content);
  for (let level = 1; level <= TOP_LEVEL; level++) {
    const child = number % FAN_OUT;
    number = Math.floor(number / FAN_OUT);
    const children = childrenOf(contentOf(state, level, number));
    children[child] = hashContent(level - 1, content, sha256);
    content = nodeOf(children);
    write(state, level, number, content);
  }
  state.put(STATUS_ROOT, hashContent(TOP_LEVEL, content, sha256));
}

/** Indices of certificates whose bit is set, ascending; looks at tiles only. */
export function notGoodIndices(state: StateReader): readonly number[] {
  const indices: number[] = [];
  const tiles = `${LEVEL}0/`;
  for (const [key, content] of state.list(tiles)) {
    const first = Number(key.slice(tiles.length)) * TILE_BITS;
    (content as Bytes).forEach((byte, at) => {
      for (let bit = 0; byte !== 0 && bit < 8; bit++) {
        if ((byte & (0x80 >> bit)) !== 0) indices.push(first + at * 8 + bit);
      }
    });
  }
  return indices;
}

const contentOf = (state: PkiState, level: number, number: number): Bytes =>
  (state.get(nodeKey(level, number)) as Bytes | undefined) ?? new Uint8Array();

function write(state: State, level: number, number: number, content: Bytes): void {
  if (content.length > 0) state.put(nodeKey(level, number), content);
  else state.delete(nodeKey(level, number));
}
