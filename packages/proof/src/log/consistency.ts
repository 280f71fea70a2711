import { sameBytes } from '../bytes.ts';
import { ProofError, type ProofErrorCode } from '../errors.ts';
import { emptyRoot, nodeHasher, type Sha256 } from '../hash.ts';
import { assertHashes } from './inclusion.ts';
import { assertOrdered, type NodeAt, rangeRoot, splitBelow } from './nodes.ts';

export interface ConsistencyClaim {
  /** Leaves in the older tree. */
  readonly from: number;
  /** Leaves in the newer tree. */
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/**
 * The consistency proof between two sizes of one log (RFC 6962 §2.1.2). Empty for equal sizes and for an
 * empty older tree, which every tree extends.
 * @throws RangeError when the older size is the larger one
 */
export function consistencyProof(sha256: Sha256, nodeAt: NodeAt, from: number, to: number): Uint8Array[] {
  assertOrdered(from, to);
  if (from === 0 || from === to) return [];
  const path: Uint8Array[] = [];
  let low = 0;
  let high = to;
  while (from !== high) {
    const { leaves, level } = splitBelow(high - low);
    const middle = low + leaves;
    if (from <= middle) {
      path.push(rangeRoot(sha256, nodeAt, middle, high));
      high = middle;
    } else {
      path.push(nodeAt(level, low / leaves));
      low = middle;
    }
  }
  // The verifier knows the older root itself when that is a complete subtree from the first leaf on.
  if (low > 0) path.push(rangeRoot(sha256, nodeAt, low, high));
  return path.reverse();
}

/**
 * Checks that the newer tree begins with all leaves of the older one (RFC 9162 §2.1.4.2). Exact for every
 * size up to 2^53 − 1.
 * @throws ProofError size_out_of_range, hash_malformed, path_truncated, path_excess, consistency_mismatch
 */
export function verifyConsistency(sha256: Sha256, claim: ConsistencyClaim): void {
  const { from, to, fromRoot, toRoot, path } = claim;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) {
    throw fail('size_out_of_range', 'the older tree must not be larger');
  }
  assertHashes([fromRoot, toRoot, ...path]);
  if (from === 0 || from === to) {
    if (path.length > 0) throw fail('path_excess', 'nothing is to be proven between these sizes');
    const expected = from === to ? toRoot : emptyRoot(sha256);
    if (!sameBytes(fromRoot, expected)) throw mismatch();
    if (to === 0 && !sameBytes(toRoot, emptyRoot(sha256))) throw mismatch();
    return;
  }
  const [older, newer] = foldRoots(sha256, claim);
  if (!sameBytes(older, fromRoot) || !sameBytes(newer, toRoot)) throw mismatch();
}

/** Both roots as the path gives them; 0 < from < to. */
function foldRoots(
  sha256: Sha256,
  { from, to, fromRoot, path }: ConsistencyClaim,
): readonly [Uint8Array, Uint8Array] {
  let position = from - 1;
  let last = to - 1;
  const up = (): void => {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  };
  while (position % 2 === 1) up();
  // Position 0 now means that the older size is a power of two: its root is the first node.
  const [first, ...rest] = position === 0 ? [fromRoot, ...path] : path;
  if (first === undefined) throw fail('path_truncated', 'fewer hashes than the trees need');
  const hashPair = nodeHasher(sha256);
  let older = first;
  let newer = first;
  for (const sibling of rest) {
    if (last === 0) throw fail('path_excess', 'more hashes than the trees have levels');
    if (position % 2 === 1 || position === last) {
      older = hashPair(sibling, older);
      newer = hashPair(sibling, newer);
      while (position % 2 === 0 && position !== 0) up();
    } else {
      newer = hashPair(newer, sibling);
    }
    up();
  }
  if (last !== 0) throw fail('path_truncated', 'fewer hashes than the trees need');
  return [older, newer];
}

const fail = (code: ProofErrorCode, rule: string): ProofError => new ProofError(code, `consistency: ${rule}`);

const mismatch = (): ProofError => fail('consistency_mismatch', 'the newer tree does not extend the older');
