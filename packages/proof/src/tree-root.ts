import { emptyRoot, hashNode, type Sha256 } from './hash.ts';

/**
 * Root of a whole tree from its leaf hashes, word for word as RFC 6962 §2.1 defines it. The slow
 * definition that the frontier is checked against.
 */
export function treeRoot(sha256: Sha256, leafHashes: readonly Uint8Array[]): Uint8Array {
  const [first] = leafHashes;
  if (first === undefined) return emptyRoot(sha256);
  if (leafHashes.length === 1) return first;
  let split = 1; // the largest power of two smaller than the number of leaves
  while (split * 2 < leafHashes.length) split *= 2;
  return hashNode(
    sha256,
    treeRoot(sha256, leafHashes.slice(0, split)),
    treeRoot(sha256, leafHashes.slice(split)),
  );
}
