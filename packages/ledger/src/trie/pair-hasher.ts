import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Bytes } from '@attestel/core';
import { hashInto as hashIntoWasm } from '@chainsafe/as-sha256';

/** Hashes many 64-byte blocks at once: SHA-256 of block i of `input` goes to bytes 32 i … of `output`. */
export interface PairHasher {
  readonly name: 'hashtree' | 'as-sha256' | 'node';
  hashInto(input: Bytes, output: Bytes): void;
}

const PAIR_BYTES = 64;
const HASH_BYTES = 32;

/** Node's own cryptography, block by block: what the others are compared with. */
export const nodePairHasher: PairHasher = {
  name: 'node',
  hashInto(input, output) {
    for (let at = 0, to = 0; at < input.length; at += PAIR_BYTES, to += HASH_BYTES) {
      output.set(hash('sha256', input.subarray(at, at + PAIR_BYTES), 'buffer'), to);
    }
  },
};

/** WebAssembly, everywhere. */
export const wasmPairHasher: PairHasher = { name: 'as-sha256', hashInto: hashIntoWasm };

interface Native {
  hashInto(input: Bytes, output: Bytes): void;
}

/** SHA instructions of the processor, where the optional package has a build for it. */
export function nativePairHasher(): PairHasher | undefined {
  try {
    const { hashInto } = createRequire(import.meta.url)('@chainsafe/hashtree') as Native;
    return { name: 'hashtree', hashInto };
  } catch {
    return undefined; // optional: not installed, or no build for this system
  }
}

/** The fastest there is. Which one makes no difference to any hash. */
export const createPairHasher = (): PairHasher => nativePairHasher() ?? wasmPairHasher;
