import type { Bytes, CborValue } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { checkAttachment } from '../document/attachment.ts';
import { toDocument } from '../document/document.ts';
import { sha256 } from '../sha256.ts';
import { parseDidOperation } from '../state/operation-body.ts';
import { parseDid } from '../syntax/did-syntax.ts';
import type { DidDocument } from '../types.ts';
import { type ChangeAuthority, type DidContent, prepareContent, revealedKeys } from './did-content.ts';

export interface UpdateRequest extends DidContent, ChangeAuthority {
  readonly did: string;
  /** Id of the DID's last operation: `parseVersionId(versionId).operationId` of the newest resolution. */
  readonly previous: Bytes;
  readonly notAfter: number;
}

/**
 * The operation that replaces the whole state of a DID (specs/did-mno.md §6.2 Update).
 * @throws AppError when it breaks a rule that does not depend on the ledger's state
 */
export async function buildUpdate(
  request: UpdateRequest,
): Promise<{ readonly operation: Operation; readonly document: DidDocument }> {
  const { did, previous, notAfter } = request;
  const { network } = parseDid(did);
  const { control, attachment, attachmentBytes } = prepareContent(request, network);
  const keys = revealedKeys(request);
  checkAttachment(attachmentBytes, { ...control, keys, network }, sha256);
  const operation = await buildOperation(
    {
      v: 1,
      network,
      ns: 'main',
      module: 'did',
      kind: 'update',
      actor: did,
      previous,
      notAfter,
      body: { v: 1, keys, ...(control as unknown as Record<string, CborValue>) },
    },
    request.controlKeys,
    attachmentBytes,
  );
  parseDidOperation(operation, sha256);
  return { operation, document: toDocument(attachment.template, did) };
}
