import type { DidResolver } from '@attestel/did';

/**
 * The keys with which a party signs tokens at present, as one text: any change of them changes it. Undefined where the
 * DID is not there, was given up, or cannot be looked up.
 */
export async function signingKeysOf(
  resolver: Pick<DidResolver, 'resolve'>,
  did: string,
): Promise<string | undefined> {
  const { didDocument, didDocumentMetadata } = await resolver.resolve(did);
  if (!didDocument || didDocumentMetadata.deactivated) return undefined;
  const { verificationMethod, authentication = [] } = didDocument;
  const keys = verificationMethod
    .filter(({ id }) => authentication.includes(id))
    .map(({ id, publicKeyMultibase }) => `${id} ${publicKeyMultibase}`);
  return keys.length === 0 ? undefined : keys.sort().join('\n');
}
