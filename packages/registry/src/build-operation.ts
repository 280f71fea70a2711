import type { CborValue, Signer } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { assertKind, parseBody } from './operations/parse-body.ts';
import { REGISTRY_MODULE } from './state/collections.ts';

export interface RegistryOperationRequest {
  /** A key of `RegistryBodies`. */
  readonly kind: string;
  readonly body: { readonly [field: string]: CborValue };
  readonly actor: string;
  /** `ledger.sequence('registry', actor)`. */
  readonly sequence: number;
  readonly network: string;
  readonly notAfter: number;
  /** Ledger keys: the actor's and, where votes are needed, the other members'. */
  readonly signers: readonly Signer[];
}

/** Builds and signs an operation. The body is checked before anyone signs. @throws AppError registry_body_invalid */
export async function buildRegistryOperation(request: RegistryOperationRequest): Promise<Operation> {
  const { kind, body, actor, sequence, network, notAfter, signers } = request;
  assertKind(kind);
  parseBody(kind, body);
  const payload = {
    v: 1,
    network,
    ns: 'main',
    module: REGISTRY_MODULE,
    kind,
    actor,
    sequence,
    notAfter,
    body,
  } as const;
  return buildOperation(payload, [...signers]);
}
