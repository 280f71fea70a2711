import type { Bytes, MultikeyBytes } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { z } from 'zod';
import { fail } from '../errors.ts';
import { type ControlState, controlKeys, controlState, fieldOf } from '../genesis/control.schema.ts';
import type { Genesis } from '../genesis/genesis.ts';
import { assertSeparateKeys } from '../genesis/next-commitment.ts';
import type { Sha256 } from '../sha256-port.ts';
import { parseDid } from '../syntax/did-syntax.ts';
import { verifyGenesis } from '../verify/verify-genesis.ts';

export interface UpdateBody extends ControlState {
  readonly v: 1;
  /** Control keys revealed now; each of them signs. */
  readonly keys: readonly MultikeyBytes[];
}

/** Next control keys alone: document, ledger keys and recovery stay as they are. */
export interface RotateBody {
  readonly v: 1;
  readonly keys: readonly MultikeyBytes[];
  readonly next: readonly Bytes[];
  readonly nextThreshold: number;
}

export interface DeactivateBody {
  readonly v: 1;
  readonly keys: readonly MultikeyBytes[];
}

/** An operation whose form is right, whatever the state says about it. */
export type DidOperation = {
  readonly did: string;
  readonly network: string;
  readonly operation: Operation;
} & (
  | { readonly kind: 'create'; readonly genesis: Genesis }
  | { readonly kind: 'update'; readonly previous: Bytes; readonly body: UpdateBody }
  | { readonly kind: 'rotate'; readonly previous: Bytes; readonly body: RotateBody }
  | { readonly kind: 'deactivate'; readonly previous: Bytes; readonly body: DeactivateBody }
);

const createSchema = z.strictObject({ genesis: z.custom<Bytes>((value) => value instanceof Uint8Array) });

const updateSchema = z
  .strictObject({ v: z.literal(1), keys: controlKeys, ...controlState })
  .refine((body) => body.nextThreshold <= body.next.length, { path: ['nextThreshold'] });

const rotateSchema = z
  .strictObject({
    v: z.literal(1),
    keys: controlKeys,
    next: controlState.next,
    nextThreshold: controlState.nextThreshold,
  })
  .refine((body) => body.nextThreshold <= body.next.length, { path: ['nextThreshold'] });

const deactivateSchema = z.strictObject({ v: z.literal(1), keys: controlKeys });

/**
 * Everything about an operation that the signed bytes alone decide (specs/did-mno.md §6.1).
 * @throws AppError invalid_did, invalid_operation, invalid_genesis, genesis_mismatch, wrong_network,
 * key_reused, unknown_kind
 */
export function parseDidOperation(operation: Operation, sha256: Sha256): DidOperation {
  const { payload } = operation;
  if (payload.module !== 'did') throw fail('invalid_operation', { field: '/module' });
  if (payload.ns !== 'main') throw fail('wrong_network', { field: '/ns' });
  if (payload.sequence !== undefined) throw fail('invalid_operation', { field: '/sequence' });
  const { did, network } = parseDid(payload.actor);
  if (network !== payload.network) throw fail('wrong_network', { field: '/actor' });
  const common = { did, network, operation };
  if (payload.kind === 'create') {
    if (payload.previous !== null) throw fail('invalid_operation', { field: '/previous' });
    return { ...common, kind: 'create', genesis: parseCreate(operation, sha256) };
  }
  const { previous } = payload;
  if (payload.kind === 'update') {
    const body = parseBody(updateSchema, payload.body);
    assertSeparateKeys(body, sha256);
    return { ...common, kind: 'update', previous: operationId(previous), body };
  }
  if (payload.kind === 'rotate') {
    const body = parseBody(rotateSchema, payload.body);
    assertSeparateKeys({ ...body, ledgerKeys: [] }, sha256);
    return { ...common, kind: 'rotate', previous: operationId(previous), body };
  }
  if (payload.kind === 'deactivate') {
    const body = parseBody(deactivateSchema, payload.body);
    return { ...common, kind: 'deactivate', previous: operationId(previous), body };
  }
  throw fail('unknown_kind', { field: '/kind' });
}

function parseCreate({ payload }: Operation, sha256: Sha256): Genesis {
  const { genesis: bytes } = parseBody(createSchema, payload.body);
  // The hash is compared before the content is looked at: a DID stands for exactly these bytes.
  return verifyGenesis(payload.actor, bytes, sha256);
}

function operationId(previous: Bytes | null | undefined): Bytes {
  if (!(previous instanceof Uint8Array) || previous.length !== 32) {
    throw fail('invalid_operation', { field: '/previous' });
  }
  return previous;
}

function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw fail('invalid_operation', { field: fieldOf(parsed.error) });
  return parsed.data;
}
