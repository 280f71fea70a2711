import type { Bytes, StoreReader } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Overlay } from '../store/overlay.ts';
import { TABLES } from '../tables.ts';
import type { TrieChange } from './bucket.ts';
import { HashPlan } from './hash-plan.ts';
import { BUCKET, NodePool } from './node-pool.ts';
import { createPairHasher, type PairHasher } from './pair-hasher.ts';
import { type ProvenPath, provePath } from './prove-path.ts';
import { decodeBucket, openBuckets, writeBucketHead } from './stored-buckets.ts';
import { type TrieBase, type TrieUpdate, updateTrie } from './trie-update.ts';

/** Versions that can still be proven from: blocks behind the head. */
export const KEPT_VERSIONS = 64;
/** Bytes of superseded buckets that history may hold; the two versions before the head are kept in any case. */
const MAX_KEPT_BYTES = 32_000_000;
const MIN_VERSIONS = 2;

/** A version that the head went on from, and what it needs that the head does without. */
interface PastVersion {
  readonly root: number;
  readonly superseded: readonly number[];
  readonly bytes: number;
}

/**
 * The state trie as a store holds it: leaves in buckets of five or six, one record each with its root; the levels
 * above in memory. A block's update is computed beside the committed version, becomes durable in the
 * block's own transaction and is then committed here. Older versions stay provable for a while.
 */
export class StateTrie {
  readonly #reader: StoreReader;
  readonly #hasher: PairHasher;
  readonly #pool = new NodePool();
  readonly #plan = new HashPlan(this.#pool);
  readonly #past: PastVersion[] = [];
  #root: number;
  #heldBytes = 0;

  /** @throws AppError store_damaged when the records are no trie */
  constructor(reader: StoreReader, hasher: PairHasher = createPairHasher()) {
    this.#reader = reader;
    this.#hasher = hasher;
    this.#root = openBuckets(reader, this.#pool, hasher);
  }

  /** Root of the committed version. */
  get root(): Bytes {
    return this.#pool.hashOf(this.#root);
  }

  /** Versions before the head that can be proven from. */
  get depth(): number {
    return this.#past.length;
  }

  /** Nodes above and at the buckets, of all versions: what the trie costs in memory. */
  get nodes(): number {
    return this.#pool.size;
  }

  rootOf({ root }: TrieUpdate): Bytes {
    return this.#pool.hashOf(root);
  }

  /**
   * Computes what changes make of the committed version, or of an update whose records `above.reader` shows already.
   * Nothing changes yet.
   */
  update(
    changes: readonly TrieChange[],
    above?: { readonly update: TrieUpdate; readonly reader: StoreReader },
  ): TrieUpdate {
    return updateTrie(this.#version(above?.update.root ?? this.#root, above?.reader), changes);
  }

  /** Gives up an update that no block will commit. */
  discard({ created }: TrieUpdate): void {
    for (const node of created) this.#pool.free(node);
  }

  /** Writes an update. From here on the records may be the new ones at any time: the old leaves are held. */
  writeTo(block: Overlay, { writes, before }: TrieUpdate): void {
    for (const [node, leaves] of before) this.#pool.held[node] = leaves;
    // Splitting leaves the old record's key to one half, or to nobody when that half is empty.
    for (const write of writes) {
      if (!write.record) block.delete(TABLES.trie, write.prefix);
    }
    for (const { record, prefix, depth, node } of writes) {
      if (!record) continue;
      writeBucketHead(record, depth, this.#pool.hashOf(node));
      block.give(TABLES.trie, prefix, record);
    }
  }

  /** Makes a durable update the committed version. */
  commit({ root, superseded, before }: TrieUpdate): void {
    let bytes = 0;
    for (const leaves of before.values()) bytes += leaves.length;
    this.#past.push({ root: this.#root, superseded, bytes });
    this.#heldBytes += bytes;
    this.#root = root;
    while (this.#past.length > KEPT_VERSIONS || this.#isTooMuch()) this.#forgetOldest();
  }

  /**
   * Path of a key in the committed version or one of those before it.
   * @throws RangeError when that version is not kept any more
   */
  prove(keyHash: Bytes, blocksBack = 0): ProvenPath {
    const root = blocksBack === 0 ? this.#root : this.#past.at(-blocksBack)?.root;
    if (root === undefined) throw new RangeError('trie: that version is not kept any more');
    return provePath(this.#version(root), keyHash);
  }

  #version(root: number, reader = this.#reader): TrieBase {
    const leavesOf = (node: number, prefix: Bytes): Bytes => this.#leavesOf(reader, node, prefix);
    return { pool: this.#pool, plan: this.#plan, hasher: this.#hasher, root, leavesOf };
  }

  #leavesOf(reader: StoreReader, node: number, prefix: Bytes): Bytes {
    const held = this.#pool.held[node];
    if (held) return held;
    if (this.#pool.weight[node] === 0) return new Uint8Array();
    const record = reader.get(TABLES.trie, prefix);
    if (!record || this.#pool.left[node] !== BUCKET) throw fail('store_damaged', { field: 'trie' });
    return decodeBucket(record).leaves;
  }

  #isTooMuch(): boolean {
    return this.#heldBytes > MAX_KEPT_BYTES && this.#past.length > MIN_VERSIONS;
  }

  #forgetOldest(): void {
    const oldest = this.#past.shift();
    if (!oldest) return;
    this.#heldBytes -= oldest.bytes;
    for (const node of oldest.superseded) this.#pool.free(node);
  }
}
