import type { Bytes } from '@attestel/core';
import { HASH_WORDS, type NodePool } from './node-pool.ts';
import type { PairHasher } from './pair-hasher.ts';

/** A hash that exists or is planned: a node of the pool, or, negative, a slot of the plan: `~slot`. */
export type Ref = number;

/** The slot that stays zero: an empty subtree. */
export const EMPTY: Ref = ~0;

const FIRST_SLOTS = 4096;
const WORD_BYTES = 4;
const HASH_BYTES = HASH_WORDS * WORD_BYTES;

/**
 * Inner nodes that a block changes, each hashed once, level by level, all nodes of a level in one call: that is
 * what lets a vectorised hash do many at a time.
 */
export class HashPlan {
  readonly #pool: NodePool;
  readonly #slotLevels: number[] = [0];
  readonly #nodeLevels = new Map<number, number>();
  /** Per level from 1: left, right and output ref of each node, one after another. */
  readonly #jobs: Ref[][] = [];
  #words = new Uint32Array(FIRST_SLOTS * HASH_WORDS);
  /** The same memory. */
  #bytes = new Uint8Array(this.#words.buffer);

  constructor(pool: NodePool) {
    this.#pool = pool;
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
    this.#nodeLevels.set(node, level);
    this.#add(level, left, right, node);
  }

  run(hasher: PairHasher): void {
    for (const jobs of this.#jobs) {
      const count = jobs.length / 3;
      const input = new Uint32Array(count * 2 * HASH_WORDS);
      const output = new Uint32Array(count * HASH_WORDS);
      for (let i = 0; i < count; i++) {
        const left = jobs[3 * i] as Ref;
        const right = jobs[3 * i + 1] as Ref;
        copyHash(this.#wordsOf(left), offsetOf(left), input, 2 * i * HASH_WORDS);
        copyHash(this.#wordsOf(right), offsetOf(right), input, (2 * i + 1) * HASH_WORDS);
      }
      hasher.hashInto(new Uint8Array(input.buffer), new Uint8Array(output.buffer));
      for (let i = 0; i < count; i++) {
        const to = jobs[3 * i + 2] as Ref;
        copyHash(output, i * HASH_WORDS, this.#wordsOf(to), offsetOf(to));
      }
    }
  }

  #add(level: number, left: Ref, right: Ref, to: Ref): void {
    while (this.#jobs.length < level) this.#jobs.push([]);
    (this.#jobs[level - 1] as Ref[]).push(left, right, to);
  }

  #above(left: Ref, right: Ref): number {
    return 1 + Math.max(this.#levelOf(left), this.#levelOf(right));
  }

  #levelOf(ref: Ref): number {
    return (ref < 0 ? this.#slotLevels[~ref] : this.#nodeLevels.get(ref)) ?? 0;
  }

  #slot(level: number): number {
    const slot = this.#slotLevels.push(level) - 1;
    if ((slot + 1) * HASH_WORDS > this.#words.length) {
      const words = new Uint32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
      this.#bytes = new Uint8Array(words.buffer);
    }
    return slot;
  }

  #wordsOf(ref: Ref): Uint32Array {
    return ref < 0 ? this.#words : this.#pool.words;
  }
}

const offsetOf = (ref: Ref): number => (ref < 0 ? ~ref : ref) * HASH_WORDS;

/** By words: a view for each hash would cost more than the hash. */
function copyHash(from: Uint32Array, at: number, to: Uint32Array, target: number): void {
  for (let i = 0; i < HASH_WORDS; i++) to[target + i] = from[at + i] as number;
}
