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
  const { didDocument, didDocumentMetadata } = await resolver.resolve(did);
  if (!didDocument || didDocumentMetadata.deactivated) throw fail('issuer_did_unresolved');
  return assertionKeyIn(didDocument, kid);
}

/**
 * The assertionMethod key that `kid` named at a time (specs/did-mno.md §8.8). Changing keys later, or giving
 * the DID up, takes back nothing that was signed before.
 * @param at unix seconds, not in the future
 * @throws AppError issuer_did_unresolved, issuer_key_not_assertion
 */
export async function resolveAssertionKeyAt(
  resolver: DidResolver,
  did: string,
  kid: string,
  at: number,
): Promise<MultikeyBytes> {
  const versionTime = new Date(at * 1000).toISOString().replace('.000Z', 'Z');
  const { didDocument } = await resolver.resolve(did, { versionTime });
  // What was deactivated before that time has no document.
  if (!didDocument) throw fail('issuer_did_unresolved');
  return assertionKeyIn(didDocument, kid);
}

function assertionKeyIn(document: Parameters<typeof verificationKey>[0], kid: string): MultikeyBytes {
  try {
    return verificationKey(document, kid, 'assertionMethod');
  } catch (cause) {
    throw fail('issuer_key_not_assertion', { cause });
  }
}
