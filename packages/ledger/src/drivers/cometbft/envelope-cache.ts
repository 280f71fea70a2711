import { type Bytes, isAppError, toHex } from '@attestel/core';
import type { Operation } from '../../operation.ts';
import { sha256 } from '../../sha256.ts';
import { decodeEnvelope } from './envelope.ts';

/** A transaction as it was read: its operations, or why it has none. */
export type Envelope =
  | { readonly operations: readonly Operation[] }
  | { readonly operations: undefined; readonly error: string };

/**
 * The engine shows a transaction up to five times: checked, checked again, prepared, processed, finalised.
 * Its operations are decoded once, so that whatever hangs on the decoded ones (verified signatures) is found
 * again.
 */
export interface EnvelopeCache {
  read(tx: Bytes): Envelope;
  /** For operations this node itself put into the transaction. */
  keep(tx: Bytes, operations: readonly Operation[]): void;
}

/** What an entry costs beside its bytes; without it, transactions of a byte each would cost gigabytes. */
const ENTRY_BYTES = 1000;

/** Forgets the oldest beyond so many bytes of transactions. */
export function createEnvelopeCache(limitBytes = 64_000_000): EnvelopeCache {
  const known = new Map<string, { readonly envelope: Envelope; readonly bytes: number }>();
  let held = 0;
  const add = (id: string, envelope: Envelope, length: number): void => {
    const bytes = length + ENTRY_BYTES;
    held += bytes - (known.get(id)?.bytes ?? 0);
    known.set(id, { envelope, bytes });
    for (const [oldest, entry] of known) {
      if (held <= limitBytes) break;
      known.delete(oldest);
      held -= entry.bytes;
    }
  };
  return {
    read(tx) {
      const id = toHex(sha256(tx));
      const entry = known.get(id);
      if (entry) return entry.envelope;
      const envelope = readEnvelope(tx);
      add(id, envelope, tx.length);
      return envelope;
    },
    keep: (tx, operations) => add(toHex(sha256(tx)), { operations }, tx.length),
  };
}

function readEnvelope(tx: Bytes): Envelope {
  try {
    return { operations: decodeEnvelope(tx) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { operations: undefined, error: error.code };
  }
}
