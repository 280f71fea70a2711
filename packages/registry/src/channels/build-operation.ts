import type { CborValue, Signer } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { assertChannelKind, parseChannelBody } from './channel-module.ts';
import { CHANNEL_MODULE } from './records.ts';

export interface ChannelOperationRequest {
  /** A key of `CHANNEL_BODIES`. */
  readonly kind: string;
  readonly body: { readonly [field: string]: CborValue };
  /** The channel itself, where its governors decide; the one above it, where that one does. */
  readonly ns: string;
  readonly actor: string;
  /** `ledger.sequence('channel', actor)`. */
  readonly sequence: number;
  readonly network: string;
  readonly notAfter: number;
  /** Ledger keys: the actor's and those of whoever else votes. */
  readonly signers: readonly Signer[];
}

/** Builds and signs an operation. The body is checked before anyone signs. @throws AppError channel_body_invalid */
export async function buildChannelOperation(request: ChannelOperationRequest): Promise<Operation> {
  const { kind, body, ns, actor, sequence, network, notAfter, signers } = request;
  assertChannelKind(kind);
  parseChannelBody(kind, body);
  const module = CHANNEL_MODULE;
  return buildOperation({ v: 1, network, ns, module, kind, actor, sequence, notAfter, body }, signers);
}
