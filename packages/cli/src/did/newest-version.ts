import type { Bytes } from '@attestel/core';
import { createHttpResolver, type DidDocument, parseVersionId } from '@attestel/did';
import type { LedgerTrust } from '@attestel/did/verify';
import { fail } from '../errors.ts';

export interface NewestVersion {
  readonly version: number;
  /** Id of the operation that made it, which the next one names as its predecessor. */
  readonly previous: Bytes;
  readonly document: DidDocument;
}

/**
 * With trust, as its witnesses have proven it: what is signed next repeats the document, so a node that lies about it
 * would have its own keys signed for. Without, as the node knows it, which may be a block further.
 * @throws did_not_found, did_deactivated, did_unresolved, what verifyResolution throws
 */
export async function newestVersion(node: string, did: string, trust?: LedgerTrust): Promise<NewestVersion> {
  const resolver = createHttpResolver({ endpoint: node, fetch, ...(trust && { trust }) });
  const resolution = await resolver.resolve(did, { receipt: trust ? 'full' : 'none' });
  const { didDocument, didDocumentMetadata, didResolutionMetadata } = resolution;
  if (didResolutionMetadata.error === 'NOT_FOUND') throw fail('did_not_found');
  if (didDocumentMetadata.deactivated) throw fail('did_deactivated');
  const parsed = parseVersionId(didDocumentMetadata.versionId ?? '');
  if (didDocument === null || parsed === undefined) {
    throw fail('did_unresolved', { field: didResolutionMetadata.error ?? 'versionId' });
  }
  return { version: parsed.version, previous: parsed.operationId, document: didDocument };
}
