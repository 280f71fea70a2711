import type { Bytes } from '@attestel/core';
import { readBounded } from '@attestel/did/verify';
import { fail as pkiFail } from '../errors.ts';
import type { ProofSourceOptions } from '../proof/fetch-proof.ts';
import { type BundleProof, decodeBundleProof, MAX_BUNDLE_BYTES } from './bundle-proof.ts';
import type { BundleName } from './trust-bundle.ts';

export const UNSLICED = 'unsliced';

/** Path of a bundle at every node, without the suffix that says in which form. */
export const bundlePath = (name: BundleName): string =>
  name.kind === 'vendors'
    ? `/v1/pki/bundles/vendors/${name.role}`
    : `/v1/pki/bundles/${name.operator}/${name.slice ?? UNSLICED}`;

/** @throws AppError pki_node_unreachable, bundle_malformed */
export async function fetchBundleProof(
  name: BundleName,
  { node, fetch, timeoutMilliseconds = 5000 }: ProofSourceOptions,
): Promise<BundleProof> {
  let bytes: Bytes;
  try {
    const response = await fetch(`${node}${bundlePath(name)}.cbor`, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (!response.ok) throw new TypeError(`bundle: HTTP ${response.status}`);
    bytes = await readBounded(response, MAX_BUNDLE_BYTES);
  } catch (cause) {
    throw pkiFail('pki_node_unreachable', { cause });
  }
  return decodeBundleProof(bytes);
}
