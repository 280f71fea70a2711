import type { CborValue, Signer } from '@attestel/core';
import { buildOperation, type Ledger, type Operation } from '@attestel/ledger';
import { parseLedgerBody, parseNote } from '@attestel/proof';
import { SUB_LEDGER_MODULE } from './records.ts';
import { assertSubLedgerKind, parseSubLedgerBody } from './sub-ledger-module.ts';

export interface SubLedgerOperationRequest {
  /** A key of `SUB_LEDGER_BODIES`. */
  readonly kind: string;
  readonly body: { readonly [field: string]: CborValue };
  /** An active member. */
  readonly actor: string;
  /** `ledger.sequence('sub-ledger', actor)`, of the parent. */
  readonly sequence: number;
  /** The parent's. */
  readonly network: string;
  readonly notAfter: number;
  readonly signers: readonly Signer[];
}

/** Builds and signs an operation. The body is checked before anyone signs. @throws AppError sub_ledger_body_invalid */
export async function buildSubLedgerOperation(request: SubLedgerOperationRequest): Promise<Operation> {
  const { kind, body, actor, sequence, network, notAfter, signers } = request;
  assertSubLedgerKind(kind);
  parseSubLedgerBody(kind, body);
  const module = SUB_LEDGER_MODULE;
  return buildOperation(
    { v: 1, network, ns: 'main', module, kind, actor, sequence, notAfter, body },
    signers,
  );
}

/**
 * Body of the next anchor of a sub-ledger, from its own proofs.
 * @param note a checkpoint of it that its quorum cosigned
 * @param oldSize size of the last anchor; 0 before the first
 */
export function anchorBody(sub: Pick<Ledger, 'proofs'>, note: string, oldSize: number) {
  const { origin, size, root } = parseLedgerBody(parseNote(note).text);
  return { origin, oldSize, newSize: size, root, note, proof: sub.proofs.consistency(oldSize, size) };
}
