import { type MultikeyBytes, multikeyFromText } from '@attestel/core';
import { fail } from '../errors.ts';
import { parseDidUrl } from '../syntax/did-url-syntax.ts';
import type { DidDocument, DidResolution, VerificationRelationship } from '../types.ts';

/**
 * The public key behind a DID URL such as a `kid`, only when the document authorises it for the
 * purpose (Controlled Identifiers 1.0 §3.3). A resolution of a deactivated DID never gives a key;
 * who verifies the past passes the historic document itself.
 * @throws AppError invalid_did_url, resolution_failed, did_not_found, did_deactivated, key_not_found,
 * key_not_authorized
 */
export function verificationKey(
  source: DidResolution | DidDocument,
  didUrl: string,
  relationship: VerificationRelationship,
): MultikeyBytes {
  const url = parseDidUrl(didUrl);
  if (url.fragment === undefined || url.path !== '' || url.parameters.size > 0) throw fail('invalid_did_url');
  const document = 'didResolutionMetadata' in source ? documentOf(source) : source;
  if (document.id !== url.did) throw fail('key_not_found');
  const methods = document.verificationMethod.filter((method) => method.id === didUrl);
  const [method] = methods;
  if (method === undefined || methods.length !== 1) throw fail('key_not_found');
  if (method.type !== 'Multikey' || method.controller !== document.id) throw fail('key_not_authorized');
  if (!document[relationship]?.includes(didUrl)) throw fail('key_not_authorized');
  return multikeyFromText(method.publicKeyMultibase);
}

function documentOf(resolution: DidResolution): DidDocument {
  const { error } = resolution.didResolutionMetadata;
  if (error === 'NOT_FOUND') throw fail('did_not_found');
  if (error !== undefined) throw fail('resolution_failed', { detail: error });
  if (resolution.didDocumentMetadata.deactivated) throw fail('did_deactivated');
  if (resolution.didDocument === null) throw fail('resolution_failed');
  return resolution.didDocument;
}
