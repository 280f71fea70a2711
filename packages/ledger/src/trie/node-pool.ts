import type { Bytes } from '@attestel/core';

/** Words of 32 bits in a hash. */
export const HASH_WORDS = 8;
const HASH_BYTES = HASH_WORDS * 4;
const FIRST_CAPACITY = 1024;
/** In `left` of a node that is no inner node. */
export const BUCKET = -1;

/**
 * Upper nodes of the trie in typed arrays: at a million keys about 360,000 of them, which as
 * objects would cost ten times the memory. A node never changes after its block, so that versions share
 * what they have in common; who made a node frees it.
 */
export class NodePool {
  /** Number of leaves below: 0, 1, or 2 for more. */
  weight = new Uint8Array(FIRST_CAPACITY);
  left = new Int32Array(FIRST_CAPACITY);
  right = new Int32Array(FIRST_CAPACITY);
  /** Hash of node i at words 8 i … */
  words = new Uint32Array(FIRST_CAPACITY * HASH_WORDS);
  /** The same memory. */
  #bytes = new Uint8Array(this.words.buffer);
  /** Leaves of a bucket that the store does not hold any more. */
  readonly held: (Bytes | undefined)[] = new Array(FIRST_CAPACITY).fill(undefined);
  readonly #free: number[] = [];
  #used = 0;

  /** Nodes in use. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  add(left: number, right: number, weight: number): number {
    const id = this.#free.pop() ?? this.#used++;
    if (id === this.weight.length) this.#grow();
    this.left[id] = left;
    this.right[id] = right;
    this.weight[id] = weight;
    return id;
  }

  free(id: number): void {
    this.held[id] = undefined;
    this.#free.push(id);
  }

  hashOf(id: number): Bytes {
    return this.#bytes.slice(id * HASH_BYTES, (id + 1) * HASH_BYTES);
  }

  setHash(id: number, hash: Bytes): void {
    for (let i = 0; i < HASH_BYTES; i++) this.#bytes[id * HASH_BYTES + i] = hash[i] as number;
  }

  #grow(): void {
    const capacity = this.weight.length * 2;
    this.weight = grown(this.weight, new Uint8Array(capacity));
    this.left = grown(this.left, new Int32Array(capacity));
    this.right = grown(this.right, new Int32Array(capacity));
    this.words = grown(this.words, new Uint32Array(capacity * HASH_WORDS));
    while (this.held.length < capacity) this.held.push(undefined);
    this.#bytes = new Uint8Array(this.words.buffer);
  }
}

function grown<T extends Uint8Array | Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
