import { ProofError } from './errors.ts';
import { emptyRoot, HASH_BYTES, hashLeaf, hashNode, type Sha256 } from './hash.ts';

/** What an append-only log needs to remember: one hash per set bit of its size. */
export interface FrontierState {
  /** Leaves in the log. */
  readonly size: number;
  /** Roots of the complete subtrees the log splits into, largest first. */
  readonly hashes: readonly Uint8Array[];
}

/** Grows an RFC 6962 tree leaf by leaf in O(log n) memory. */
export interface Frontier {
  readonly size: number;
  append(leaf: Uint8Array): void;
  root(): Uint8Array;
  /** A copy that later appends do not touch. */
  toState(): FrontierState;
}

/** @throws ProofError frontier_invalid when the state cannot be one of an RFC 6962 tree */
export function createFrontier(sha256: Sha256, state: FrontierState = { size: 0, hashes: [] }): Frontier {
  assertState(state);
  let size = state.size;
  const hashes = [...state.hashes];
  return {
    get size() {
      return size;
    },
    append(leaf) {
      let node = hashLeaf(sha256, leaf);
      // Each trailing one bit of the old size is a complete subtree that the new leaf completes.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        node = hashNode(sha256, hashes.pop() as Uint8Array, node);
      }
      hashes.push(node);
      size += 1;
    },
    root() {
      const last = hashes.at(-1);
      if (last === undefined) return emptyRoot(sha256);
      return hashes.slice(0, -1).reduceRight((right, left) => hashNode(sha256, left, right), last);
    },
    toState: () => ({ size, hashes: [...hashes] }),
  };
}

function assertState({ size, hashes }: FrontierState): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ProofError('frontier_invalid', 'size must be a whole number');
  }
  if (hashes.length !== setBits(size) || hashes.some((hash) => hash.length !== HASH_BYTES)) {
    throw new ProofError('frontier_invalid', 'there must be one 32-byte hash per set bit of the size');
  }
}

/** Sizes may pass 2^32, where bitwise operators stop. */
function setBits(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
