import type { Bytes, CborValue, Signer } from '@attestel/core';
import {
  buildOperation,
  decodeOperation,
  encodeOperation,
  type Operation,
  type OperationPayload,
  signedBytes,
} from '@attestel/ledger';
import { parseLine } from './event-module.ts';
import { EVENT_MODULE } from './records.ts';
import type { Batch, Rule } from './types.ts';

interface Envelope {
  readonly network: string;
  readonly channel: string;
  /** A writer of the channel. */
  readonly actor: string;
  readonly notAfter: number;
  /** Ledger keys: the actor's and those of parties at hand; others add theirs by {@link signLine}. */
  readonly signers: readonly Signer[];
}

export interface LineRequest extends Envelope {
  /** `rule`: needed for the first line of an object (`prevHead` null); else it replaces the object's rule. */
  readonly heads: readonly {
    readonly ref: Bytes;
    readonly prevHead: Bytes | null;
    readonly rule?: Rule | null;
  }[];
  readonly unique?: readonly Bytes[];
  readonly hold?: readonly Bytes[];
  readonly release?: readonly Bytes[];
  readonly moduleDigest: Bytes | null;
  readonly digest: Bytes;
  readonly batch?: Batch | null;
  readonly shared?: {
    readonly salt: Bytes;
    readonly payload: { readonly [field: string]: CborValue };
  } | null;
}

/** Builds and signs a line. It is checked before anyone signs. @throws AppError line_invalid */
export async function buildLine(request: LineRequest): Promise<Operation> {
  const { heads, unique = [], hold = [], release = [], batch = null, shared = null } = request;
  const body = {
    heads: heads.map(({ ref, prevHead, rule = null }) => ({ ref, prevHead, rule: rule && { ...rule } })),
    unique,
    hold,
    release,
    moduleDigest: request.moduleDigest,
    digest: request.digest,
    batch: batch && { ...batch },
    shared: shared && { ...shared },
  };
  return build(request, { kind: 'line', body, previous: heads[0]?.prevHead ?? null });
}

export interface DisputeRequest extends Envelope {
  readonly ref: Bytes;
  /** The line that is disputed: the object's last. */
  readonly head: Bytes;
  /** Commitment to the reasons. */
  readonly digest: Bytes;
}

/** Builds and signs a dispute. @throws AppError line_invalid */
export async function buildDispute(request: DisputeRequest): Promise<Operation> {
  const { ref, head, digest } = request;
  return build(request, { kind: 'dispute', body: { ref, head, digest }, previous: head });
}

/** Adds a party's signature to a line that others built: what it says must have been looked at before. */
export async function signLine(operation: Operation, signer: Signer): Promise<Operation> {
  parseLine(operation);
  const signature = await signer.sign(signedBytes(operation.payloadBytes));
  const signatures = [...operation.signatures, { key: signer.publicKey, signature }];
  return decodeOperation(encodeOperation({ ...operation, signatures }));
}

function build(
  { network, channel, actor, notAfter, signers }: Envelope,
  own: Pick<OperationPayload, 'kind' | 'body' | 'previous'>,
): Promise<Operation> {
  const payload = { v: 1, network, ns: channel, module: EVENT_MODULE, actor, notAfter, ...own } as const;
  parseLine({ payload });
  return buildOperation(payload, signers);
}
