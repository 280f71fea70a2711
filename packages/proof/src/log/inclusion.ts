import { sameBytes } from '../bytes.ts';
import { ProofError } from '../errors.ts';
import { HASH_BYTES, nodeHasher, type Sha256 } from '../hash.ts';
import { assertOrdered, type NodeAt, rangeRoot, splitBelow } from './nodes.ts';

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  /** Leaves in the tree. */
  readonly size: number;
  /** From the leaf's sibling up to the root's child. */
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * The audit path of one leaf (RFC 6962 §2.1.1), leaf side first.
 * @throws RangeError when the index is not below the size
 */
export function inclusionProof(sha256: Sha256, nodeAt: NodeAt, index: number, size: number): Uint8Array[] {
  assertOrdered(index, size - 1);
  const path: Uint8Array[] = [];
  for (let from = 0, to = size; to - from > 1; ) {
    const { leaves, level } = splitBelow(to - from);
    const middle = from + leaves;
    if (index < middle) {
      path.push(rangeRoot(sha256, nodeAt, middle, to));
      to = middle;
    } else {
      path.push(nodeAt(level, from / leaves));
      from = middle;
    }
  }
  return path.reverse();
}

/**
 * Checks an audit path (RFC 9162 §2.1.3.2). Exact for every size up to 2^53 − 1.
 * @throws ProofError index_out_of_range, hash_malformed, path_truncated, path_excess, inclusion_mismatch
 */
export function verifyInclusion(sha256: Sha256, { root, ...claim }: InclusionClaim): void {
  assertPlace(claim);
  assertHashes([root]);
  if (!sameBytes(inclusionRoot(sha256, claim), root)) {
    throw new ProofError('inclusion_mismatch', 'inclusion: the path does not lead to the root');
  }
}

/**
 * The root that an audit path leads to, for where something else vouches for it.
 * @throws ProofError index_out_of_range, hash_malformed, path_truncated, path_excess
 */
export function inclusionRoot(
  sha256: Sha256,
  { leafHash, index, size, path }: Omit<InclusionClaim, 'root'>,
): Uint8Array {
  assertPlace({ index, size });
  assertHashes([leafHash, ...path]);
  const hashPair = nodeHasher(sha256);
  let node = leafHash;
  let position = index;
  let last = size - 1; // position of the last node on this level
  for (const sibling of path) {
    if (last === 0) throw new ProofError('path_excess', 'inclusion: more hashes than the tree has levels');
    if (position % 2 === 1 || position === last) {
      node = hashPair(sibling, node);
      // The last node of a level has no sibling until its ancestor is a right child.
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      node = hashPair(node, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new ProofError('path_truncated', 'inclusion: fewer hashes than the tree has levels');
  return node;
}

function assertPlace({ index, size }: Pick<InclusionClaim, 'index' | 'size'>): void {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    throw new ProofError('index_out_of_range', 'inclusion: index must be below the size');
  }
}

/** @throws ProofError hash_malformed */
export function assertHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.some((hash) => hash.length !== HASH_BYTES)) {
    throw new ProofError('hash_malformed', 'proof: a hash has 32 bytes');
  }
}
