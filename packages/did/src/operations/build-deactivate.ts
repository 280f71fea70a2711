import type { Bytes } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { sha256 } from '../sha256.ts';
import { parseDidOperation } from '../state/operation-body.ts';
import { parseDid } from '../syntax/did-syntax.ts';
import { type ChangeAuthority, revealedKeys } from './did-content.ts';

export interface DeactivateRequest extends ChangeAuthority {
  readonly did: string;
  /** Id of the DID's last operation. */
  readonly previous: Bytes;
  readonly notAfter: number;
}

/**
 * The operation that ends a DID for ever (specs/did-mno.md §6.2 Deactivate).
 * @throws AppError when it breaks a rule that does not depend on the ledger's state
 */
export async function buildDeactivate(request: DeactivateRequest): Promise<Operation> {
  const { did, previous, notAfter } = request;
  const operation = await buildOperation(
    {
      v: 1,
      network: parseDid(did).network,
      ns: 'main',
      module: 'did',
      kind: 'deactivate',
      actor: did,
      previous,
      notAfter,
      body: { v: 1, keys: revealedKeys(request) },
    },
    request.controlKeys,
  );
  parseDidOperation(operation, sha256);
  return operation;
}
