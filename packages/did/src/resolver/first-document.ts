import type { Bytes } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { openAttachment } from '../document/attachment.ts';
import { toDocument } from '../document/document.ts';
import { sha256 } from '../sha256.ts';
import { DID_MODULE, readVersion } from '../state/records.ts';
import type { DidDocument } from '../types.ts';

/**
 * With what a DID began, which no later operation changes: the operation that created it and the document of then.
 * Undefined where this ledger does not have the DID, or the document was erased.
 * @throws AppError invalid_document, document_mismatch where the node's own store is damaged
 */
export function firstDocument(
  ledger: Pick<Ledger, 'state' | 'attachment'>,
  did: string,
): { readonly operation: Bytes; readonly document: DidDocument } | undefined {
  const version = readVersion(ledger.state(DID_MODULE), did, 1);
  const bytes = version && ledger.attachment(version.operation);
  if (!version?.document || !bytes) return undefined;
  const { template } = openAttachment(bytes, version.document, sha256);
  return { operation: version.operation, document: toDocument(template, did) };
}
