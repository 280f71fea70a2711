import { type Bytes, multikeyFromText, toHex } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { nextCommitment } from '../genesis/next-commitment.ts';
import { sha256 } from '../sha256.ts';
import { parseDidOperation } from '../state/operation-body.ts';
import { parseDid } from '../syntax/did-syntax.ts';
import type { DidDocument } from '../types.ts';
import { type ChangeAuthority, type NextControl, prepareNext, revealedKeys } from './did-content.ts';

export interface RotateRequest extends ChangeAuthority, NextControl {
  readonly did: string;
  /** Id of the DID's last operation: `parseVersionId(versionId).operationId` of the newest resolution. */
  readonly previous: Bytes;
  readonly notAfter: number;
  /**
   * The document as it stands, or null where nobody has it any more. Validators cannot look at it, so a
   * key of the document that would become a control key is refused here (specs/did-mno.md §6.2 Rotate).
   */
  readonly document: DidDocument | null;
}

/**
 * The operation that changes the keys in control of a DID and their threshold, and nothing else.
 * @throws AppError when it breaks a rule that does not depend on the ledger's state
 */
export async function buildRotate(request: RotateRequest): Promise<Operation> {
  const { did, previous, notAfter, document } = request;
  const next = prepareNext(request);
  if (document !== null) assertNotPublished(document, next.next);
  const operation = await buildOperation(
    {
      v: 1,
      network: parseDid(did).network,
      ns: 'main',
      module: 'did',
      kind: 'rotate',
      actor: did,
      previous,
      notAfter,
      body: { v: 1, keys: revealedKeys(request), ...next },
    },
    request.controlKeys,
  );
  parseDidOperation(operation, sha256);
  return operation;
}

function assertNotPublished(document: DidDocument, next: readonly Bytes[]): void {
  const committed = new Set(next.map(toHex));
  for (const { publicKeyMultibase } of document.verificationMethod) {
    const commitment = nextCommitment(multikeyFromText(publicKeyMultibase), sha256);
    if (committed.has(toHex(commitment))) throw fail('key_reused', { field: '/next' });
  }
}
