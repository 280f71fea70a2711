import { type Bytes, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Operation } from '../../operation.ts';
import { decodeOperation, encodeOperation } from '../../operations/decode-operation.ts';
import { isList } from '../../operations/signatures.ts';

/**
 * One transaction of the engine: a CBOR list of encoded operations, each signed by itself. So the engine
 * gossips and stores tens of things a second while the ledger executes thousands.
 */
export const MAX_ENVELOPE_OPERATIONS = 250;
/** The engine's default bound of a transaction, bytes. */
export const MAX_ENVELOPE_BYTES = 1_048_576;

export const encodeEnvelope = (operations: readonly Operation[]): Bytes =>
  encodeCbor(operations.map(encodeOperation));

/** Parses hostile bytes. @throws AppError envelope_invalid, operation_invalid, signature_missing */
export function decodeEnvelope(bytes: Bytes): readonly Operation[] {
  if (bytes.length > MAX_ENVELOPE_BYTES) throw fail('envelope_invalid', { field: 'length' });
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch {
    throw fail('envelope_invalid');
  }
  if (!isList(value) || value.length === 0 || value.length > MAX_ENVELOPE_OPERATIONS) {
    throw fail('envelope_invalid');
  }
  return value.map((item, i) => {
    if (!(item instanceof Uint8Array)) throw fail('envelope_invalid', { field: `/${i}` });
    return decodeOperation(item);
  });
}
