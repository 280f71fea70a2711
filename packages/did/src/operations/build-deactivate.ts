import type { Bytes, Signer } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { parseDid } from '../syntax/did-syntax.ts';
import { controlKeysOf } from './did-content.ts';

export interface DeactivateRequest {
  readonly did: string;
  /** Id of the DID's last operation. */
  readonly previous: Bytes;
  /** Committed keys, revealed by this operation. */
  readonly controlKeys: readonly Signer[];
  readonly notAfter: number;
}

/** The operation that ends a DID for ever (specs/did-mno.md §6.2 Deactivate). */
export const buildDeactivate = ({
  did,
  previous,
  controlKeys,
  notAfter,
}: DeactivateRequest): Promise<Operation> =>
  buildOperation(
    {
      v: 1,
      network: parseDid(did).network,
      ns: 'main',
      module: 'did',
      kind: 'deactivate',
      actor: did,
      previous,
      notAfter,
      body: { v: 1, keys: controlKeysOf(controlKeys) },
    },
    controlKeys,
  );
