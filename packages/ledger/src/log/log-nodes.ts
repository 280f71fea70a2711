import { type Bytes, concatBytes, type StoreReader, type StoreWriter } from '@attestel/core';
import { type FrontierState, HASH_BYTES, hashLeaf } from '@attestel/proof';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { TABLES, u64 } from '../tables.ts';

/** Hashes in one record of a level: a block rewrites at most one record a level that is not full. */
export const GROUP = 64;

/** Complete subtrees that a block adds, per level from the leaves: they follow what the store has. */
export interface GrownLog {
  readonly frontier: FrontierState;
  readonly levels: readonly (readonly Bytes[])[];
}

/** Appends leaves to an RFC 6962 tree and keeps each complete subtree, so that proofs need not hash again. */
export const growLog = (before: FrontierState, leaves: readonly Bytes[]): GrownLog =>
  growHashes(before, leaves.map(leafHashOf));

/** As `hashLeaf`, put together in one place where the leaf is short, as most are. */
function leafHashOf(leaf: Bytes): Bytes {
  const length = 1 + leaf.length;
  if (length > leafPreimage.length) return hashLeaf(sha256, leaf);
  leafPreimage.set(leaf, 1);
  return sha256(leafPreimage.subarray(0, length));
}

/** 0x00 ‖ leaf */
const leafPreimage = new Uint8Array(4096);

/** As `hashNode`, put together in one place. */
function nodeHashOf(left: Bytes, right: Bytes): Bytes {
  nodePreimage.set(left, 1);
  nodePreimage.set(right, 1 + HASH_BYTES);
  return sha256(nodePreimage);
}

/** 0x01 ‖ left ‖ right */
const nodePreimage = new Uint8Array(1 + 2 * HASH_BYTES).fill(1, 0, 1);

/** The same from hashes of leaves: a snapshot leaves out most entries themselves. */
export function growHashes({ size, hashes }: FrontierState, leafHashes: readonly Bytes[]): GrownLog {
  const levels: Bytes[][] = [];
  const stack = [...hashes];
  let count = size;
  for (const leafHash of leafHashes) {
    let node = leafHash;
    let level = 0;
    push(levels, level, node);
    // Each trailing one bit of the old size is a complete subtree that the new leaf completes.
    for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) {
      node = nodeHashOf(stack.pop() as Bytes, node);
      level += 1;
      push(levels, level, node);
    }
    stack.push(node);
    count += 1;
  }
  return { frontier: { size: count, hashes: stack }, levels };
}

function push(levels: Bytes[][], level: number, node: Bytes): void {
  const known = levels[level];
  if (known) known.push(node);
  else levels[level] = [node];
}

/** `size` is that of the log before. */
export function writeNodes(writer: StoreWriter, size: number, levels: GrownLog['levels']): void {
  levels.forEach((added, level) => {
    let index = Math.floor(size / 2 ** level);
    for (let at = 0; at < added.length; ) {
      const group = Math.floor(index / GROUP);
      const room = GROUP - (index % GROUP);
      const part = added.slice(at, at + room);
      const key = groupKey(level, group);
      const before = index % GROUP === 0 ? new Uint8Array() : (writer.get(TABLES.nodes, key) ?? damaged());
      writer.put(TABLES.nodes, key, concatBytes(before, ...part));
      at += part.length;
      index += part.length;
    }
  });
}

/**
 * Hash of the complete subtree over leaves index·2^level … (index + 1)·2^level − 1.
 * @throws AppError store_damaged when the store does not have it
 */
export function readNode(reader: StoreReader, level: number, index: number): Bytes {
  const record = reader.get(TABLES.nodes, groupKey(level, Math.floor(index / GROUP)));
  const at = (index % GROUP) * HASH_BYTES;
  if (!record || record.length < at + HASH_BYTES) return damaged();
  return record.slice(at, at + HASH_BYTES);
}

export const groupKey = (level: number, group: number): Bytes =>
  concatBytes(Uint8Array.of(level), u64(group));

const damaged = (): never => {
  throw fail('store_damaged', { field: 'nodes' });
};
