import type { Bytes } from '@attestel/core';
import { createHttpResolver, type DidDocument, parseVersionId } from '@attestel/did';
import { fail } from '../errors.ts';

export interface NewestVersion {
  readonly version: number;
  /** Id of the operation that made it, which the next one names as its predecessor. */
  readonly previous: Bytes;
  readonly document: DidDocument;
}

/** @throws did_not_found, did_deactivated, did_unresolved */
export async function newestVersion(node: string, did: string): Promise<NewestVersion> {
  const resolution = await createHttpResolver({ endpoint: node, fetch }).resolve(did, {
    receipt: 'none', // as the node knows it: what is proven may be a block behind
  });
  const { didDocument, didDocumentMetadata, didResolutionMetadata } = resolution;
  if (didResolutionMetadata.error === 'NOT_FOUND') throw fail('did_not_found');
  if (didDocumentMetadata.deactivated) throw fail('did_deactivated');
  const parsed = parseVersionId(didDocumentMetadata.versionId ?? '');
  if (didDocument === null || parsed === undefined) {
    throw fail('did_unresolved', { field: didResolutionMetadata.error ?? 'versionId' });
  }
  return { version: parsed.version, previous: parsed.operationId, document: didDocument };
}
