import type { Bytes } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import { createFrontier, hashLeaf, inclusionProof, nodesOf, verifyInclusion } from '@attestel/proof';
import { DIGEST_BYTES, MAX_BATCH } from './line.schema.ts';
import type { Batch } from './types.ts';

const { sha256 } = proofCrypto;

/**
 * Many commitments under one line: RFC 6962 root over the salted digests of the items, in order.
 * @throws TypeError where there is no digest, too many, or one of another length
 */
export function batchOf(digests: readonly Bytes[]): Batch {
  assertDigests(digests);
  const frontier = createFrontier(sha256);
  for (const digest of digests) frontier.append(digest);
  return { size: digests.length, root: frontier.root() };
}

/** Path that shows one item to be in the batch. @throws TypeError; RangeError where there is no such item */
export function batchPath(digests: readonly Bytes[], index: number): readonly Bytes[] {
  assertDigests(digests);
  const leaves = digests.map((digest) => hashLeaf(sha256, digest));
  return inclusionProof(sha256, nodesOf(sha256, leaves), index, leaves.length);
}

export interface BatchItem {
  readonly index: number;
  /** Of the item: what its holder makes from payload and salt. */
  readonly digest: Bytes;
  readonly path: readonly Bytes[];
}

/** Whether the batch has this item at this place. @throws ProofError */
export function verifyBatchItem({ size, root }: Batch, { index, digest, path }: BatchItem): void {
  verifyInclusion(sha256, { leafHash: hashLeaf(sha256, digest), index, size, path, root });
}

function assertDigests(digests: readonly Bytes[]): void {
  if (digests.length === 0 || digests.length > MAX_BATCH) {
    throw new TypeError(`event: a batch has 1 to ${MAX_BATCH} items`);
  }
  if (!digests.every((digest) => digest.length === DIGEST_BYTES)) {
    throw new TypeError(`event: digests have ${DIGEST_BYTES} bytes`);
  }
}
