import type { Bytes } from '@attestel/core';
import { HASH_WORDS, type NodePool } from './node-pool.ts';
import type { PairHasher } from './pair-hasher.ts';

/** A hash that exists or is planned: a node of the pool, or, negative, a slot of the plan: `~slot`. */
export type Ref = number;

/** The slot that stays zero: an empty subtree. */
export const EMPTY: Ref = ~0;

const FIRST_SLOTS = 4096;
/** Memory that a plan keeps for the next block: enough for a full one of small operations. */
const MAX_KEPT_SLOTS = 1 << 16;
const WORD_BYTES = 4;
const HASH_BYTES = HASH_WORDS * WORD_BYTES;
const PAIR_WORDS = 2 * HASH_WORDS;

/** Left, right and output ref of each node of a level, one after another. */
interface Level {
  refs: Int32Array;
  length: number;
}

/**
 * Inner nodes that a block changes, each hashed once, level by level, all nodes of a level in one call: that is
 * what lets a vectorised hash do many at a time. Used again block after block, so that its memory need not be made anew.
 */
export class HashPlan {
  readonly #pool: NodePool;
  /** From 1. */
  #levels: Level[] = [];
  #slots = 1;
  #slotLevels = new Uint16Array(FIRST_SLOTS);
  #nodeLevels = new Uint16Array(FIRST_SLOTS);
  #words = new Uint32Array(FIRST_SLOTS * HASH_WORDS);
  /** The same memory. */
  #bytes = new Uint8Array(this.#words.buffer);
  /** Of the call under way. */
  #input = new Uint32Array(FIRST_SLOTS * PAIR_WORDS);
  #output = new Uint32Array(FIRST_SLOTS * HASH_WORDS);

  constructor(pool: NodePool) {
    this.#pool = pool;
  }

  /** Begins anew, whatever became of the plan before. */
  reset(): void {
    for (const level of this.#levels) {
      for (let i = 2; i < level.length; i += 3) {
        const to = level.refs[i] as Ref;
        if (to >= 0) this.#nodeLevels[to] = 0;
      }
      level.length = 0;
    }
    this.#slots = 1;
    if (this.#slotLevels.length <= MAX_KEPT_SLOTS) return;
    this.#levels = [];
    this.#slotLevels = new Uint16Array(FIRST_SLOTS);
    this.#words = new Uint32Array(FIRST_SLOTS * HASH_WORDS);
    this.#bytes = new Uint8Array(this.#words.buffer);
    this.#input = new Uint32Array(FIRST_SLOTS * PAIR_WORDS);
    this.#output = new Uint32Array(FIRST_SLOTS * HASH_WORDS);
  }

  /** A hash that is known. */
  put(source: Bytes, at: number): Ref {
    const slot = this.#slot(0);
    const bytes = this.#bytes;
    for (let i = 0; i < HASH_BYTES; i++) bytes[slot * HASH_BYTES + i] = source[at + i] as number;
    return ~slot;
  }

  /** Plans `SHA-256(left ‖ right)` in a slot. */
  pair(left: Ref, right: Ref): Ref {
    const level = this.#above(left, right);
    const ref = ~this.#slot(level);
    this.#add(level, left, right, ref);
    return ref;
  }

  /** Plans the hash of a pool node over two others. */
  pairInto(node: number, left: Ref, right: Ref): void {
    const level = this.#above(left, right);
    if (node >= this.#nodeLevels.length) {
      this.#nodeLevels = grown(this.#nodeLevels, new Uint16Array(2 * node));
    }
    this.#nodeLevels[node] = level;
    this.#add(level, left, right, node);
  }

  run(hasher: PairHasher): void {
    for (const { refs, length } of this.#levels) {
      const count = length / 3;
      if (count === 0) continue;
      if (count * PAIR_WORDS > this.#input.length) {
        this.#input = new Uint32Array(2 * count * PAIR_WORDS);
        this.#output = new Uint32Array(2 * count * HASH_WORDS);
      }
      const input = this.#input;
      const output = this.#output;
      for (let i = 0; i < count; i++) {
        const left = refs[3 * i] as Ref;
        const right = refs[3 * i + 1] as Ref;
        copyHash(this.#wordsOf(left), offsetOf(left), input, i * PAIR_WORDS);
        copyHash(this.#wordsOf(right), offsetOf(right), input, i * PAIR_WORDS + HASH_WORDS);
      }
      hasher.hashInto(
        new Uint8Array(input.buffer, 0, 2 * count * HASH_BYTES),
        new Uint8Array(output.buffer, 0, count * HASH_BYTES),
      );
      for (let i = 0; i < count; i++) {
        const to = refs[3 * i + 2] as Ref;
        copyHash(output, i * HASH_WORDS, this.#wordsOf(to), offsetOf(to));
      }
    }
  }

  #add(level: number, left: Ref, right: Ref, to: Ref): void {
    while (this.#levels.length < level) this.#levels.push({ refs: new Int32Array(64 * 3), length: 0 });
    const jobs = this.#levels[level - 1] as Level;
    if (jobs.length === jobs.refs.length) jobs.refs = grown(jobs.refs, new Int32Array(2 * jobs.length));
    jobs.refs[jobs.length] = left;
    jobs.refs[jobs.length + 1] = right;
    jobs.refs[jobs.length + 2] = to;
    jobs.length += 3;
  }

  #above(left: Ref, right: Ref): number {
    return 1 + Math.max(this.#levelOf(left), this.#levelOf(right));
  }

  /** 0 where the hash is known. */
  #levelOf(ref: Ref): number {
    return (ref < 0 ? this.#slotLevels[~ref] : this.#nodeLevels[ref]) ?? 0;
  }

  #slot(level: number): number {
    const slot = this.#slots++;
    if (slot === this.#slotLevels.length) {
      this.#slotLevels = grown(this.#slotLevels, new Uint16Array(2 * slot));
      this.#words = grown(this.#words, new Uint32Array(2 * slot * HASH_WORDS));
      this.#bytes = new Uint8Array(this.#words.buffer);
    }
    this.#slotLevels[slot] = level;
    return slot;
  }

  #wordsOf(ref: Ref): Uint32Array {
    return ref < 0 ? this.#words : this.#pool.words;
  }
}

const offsetOf = (ref: Ref): number => (ref < 0 ? ~ref : ref) * HASH_WORDS;

function grown<T extends Uint16Array | Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** By words: a view for each hash would cost more than the hash. */
function copyHash(from: Uint32Array, at: number, to: Uint32Array, target: number): void {
  for (let i = 0; i < HASH_WORDS; i++) to[target + i] = from[at + i] as number;
}
