import type { Bytes, CborValue, Signer } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { assertKind, parseBody } from '../module/parse-body.ts';
import { PKI_MODULE } from '../state/records.ts';

export interface PkiOperationRequest {
  /** Any kind but `submit`, which has a builder of its own. */
  readonly kind: string;
  readonly body: { readonly [field: string]: CborValue };
  /** DID of the member that acts. */
  readonly actor: string;
  /** Last operation on the anchor, batch or relation; null for everything else. */
  readonly previous?: Bytes | null;
  readonly network: string;
  /** Unix seconds of block time. */
  readonly notAfter: number;
  /** Ledger keys: the actor's, and the voters'. */
  readonly signers: readonly Signer[];
}

/** Builds and signs an operation. The body is checked before anyone signs. @throws AppError pki_body_invalid */
export async function buildPkiOperation(request: PkiOperationRequest): Promise<Operation> {
  const { kind, body, signers } = request;
  assertKind(kind);
  parseBody(kind, body);
  return signOperation(request, { kind, body, attachment: null }, signers);
}

export function signOperation(
  { actor, previous = null, network, notAfter }: Omit<PkiOperationRequest, 'kind' | 'body' | 'signers'>,
  {
    kind,
    body,
    attachment,
  }: Pick<PkiOperationRequest, 'kind' | 'body'> & { readonly attachment: Bytes | null },
  signers: readonly Signer[],
): Promise<Operation> {
  const head = { v: 1, network, ns: 'main', module: PKI_MODULE } as const;
  return buildOperation({ ...head, kind, actor, previous, notAfter, body }, [...signers], attachment);
}
