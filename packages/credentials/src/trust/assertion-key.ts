import type { MultikeyBytes } from '@attestel/core';
import { type DidResolver, verificationKey } from '@attestel/did';
import { fail } from '../errors.ts';

/**
 * The assertionMethod key that `kid` names in the current document of its DID.
 * @throws AppError issuer_did_unresolved, issuer_key_not_assertion
 */
export async function resolveAssertionKey(
  resolver: DidResolver,
  did: string,
  kid: string,
): Promise<MultikeyBytes> {
  const resolution = await resolver.resolve(did);
  const { didDocument, didDocumentMetadata } = resolution;
  if (!didDocument || didDocumentMetadata.deactivated) throw fail('issuer_did_unresolved');
  try {
    return verificationKey(resolution, kid, 'assertionMethod');
  } catch (cause) {
    throw fail('issuer_key_not_assertion', { cause });
  }
}
