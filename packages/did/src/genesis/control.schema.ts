import { type Bytes, compareBytes, isMultikey, type MultikeyBytes } from '@attestel/core';
import { z } from 'zod';
import { isFragmentName } from '../syntax/did-url-syntax.ts';

/** Limits of specs/did-mno.md §4. They bound what a validator does for one operation. */
export const MAX_CONTROL_KEYS = 8;
export const MAX_LEDGER_KEYS = 8;

/** Name of a ledger key's verification method, and the key. */
export type LedgerKey = readonly [fragment: string, key: MultikeyBytes];

export const bytesOf = (length: number) =>
  z.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length);

/** Ed25519 or P-256, the point on its curve where that can be told from the key alone. */
export const multikey = z.custom<MultikeyBytes>((value) => value instanceof Uint8Array && isMultikey(value));

// Lists that mean sets are strictly ascending: one spelling, and nothing counted twice.
const ascending = (list: readonly Bytes[]): boolean =>
  list.every((item, i) => i === 0 || compareBytes(list[i - 1] as Bytes, item) < 0);

export const controlKeys = z.array(multikey).min(1).max(MAX_CONTROL_KEYS).refine(ascending).readonly();

/** Pre-rotation is mandatory: at least one commitment. */
export const nextCommitments = z.array(bytesOf(32)).min(1).max(MAX_CONTROL_KEYS).refine(ascending).readonly();

export const threshold = z.int().min(1).max(MAX_CONTROL_KEYS);

export const ledgerKeys = z
  .array(z.tuple([z.string().refine(isFragmentName), multikey]).readonly())
  .max(MAX_LEDGER_KEYS)
  .refine((list) => list.every(([name], i) => i === 0 || (list[i - 1] as LedgerKey)[0] < name))
  .refine((list) => ascending(list.map(([, key]) => key).sort(compareBytes)))
  .readonly();

/** Fields that genesis and update share: what the next operation needs and what validators read. */
export const controlState = {
  next: nextCommitments,
  nextThreshold: threshold,
  ledgerKeys,
  /** Salted commitment to the document template. */
  document: bytesOf(32),
  /** Salted commitment to a recovery policy; reserved, see specs/did-mno.md §4.6. */
  recovery: bytesOf(32).nullable(),
};

export interface ControlState {
  readonly next: readonly Bytes[];
  readonly nextThreshold: number;
  readonly ledgerKeys: readonly LedgerKey[];
  readonly document: Bytes;
  readonly recovery: Bytes | null;
}

/** Path of the first rule that failed, for the client; never the value. */
export const fieldOf = (error: z.ZodError): string => `/${(error.issues[0]?.path ?? []).join('/')}`;
