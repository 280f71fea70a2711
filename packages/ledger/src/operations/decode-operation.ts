import { type Bytes, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { fail, invalidOperation } from '../errors.ts';
import { MAX_OPERATION_BYTES, type Operation, type OperationSignature } from '../operation.ts';
import { operationId } from './operation-id.ts';
import { decodePayload } from './payload.ts';
import { isList, parseSignatures } from './signatures.ts';

/** Operations made by the functions below: their payload is the one their bytes say. */
const consistent = new WeakSet<Operation>();

/** Wire form: CBOR `[payload bytes, [[key, signature], …], attachment | null]`. */
export const encodeOperation = (operation: Operation): Bytes =>
  encodeCbor([
    operation.payloadBytes,
    operation.signatures.map(({ key, signature }) => [key, signature]),
    operation.attachment,
  ]);

/** Parses hostile bytes. @throws AppError naming field and rule */
export function decodeOperation(bytes: Bytes): Operation {
  if (bytes.length > MAX_OPERATION_BYTES) {
    throw fail('operation_too_large', { extra: { limit: MAX_OPERATION_BYTES } });
  }
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch {
    throw invalidOperation('', 'must be deterministic CBOR');
  }
  if (!isList(value) || value.length !== 3) {
    throw invalidOperation('', 'must be a list of payload, signatures, attachment');
  }
  const [payloadBytes, signatures, attachment] = value;
  if (!(payloadBytes instanceof Uint8Array)) throw invalidOperation('/payload', 'must be bytes');
  if (attachment !== null && !(attachment instanceof Uint8Array && attachment.length > 0)) {
    throw invalidOperation('/attachment', 'must be null or bytes');
  }
  return operationOf(payloadBytes, parseSignatures(signatures), attachment);
}

/** The operation that these bytes and checked signatures make. @throws AppError naming field and rule */
export function operationOf(
  payloadBytes: Bytes,
  signatures: readonly OperationSignature[],
  attachment: Bytes | null,
): Operation {
  const operation: Operation = {
    payload: decodePayload(payloadBytes),
    payloadBytes,
    id: operationId(payloadBytes),
    signatures,
    attachment,
  };
  consistent.add(operation);
  return operation;
}

/** An operation put together by hand could say one thing and have signed another: decode it again. */
export const toConsistent = (operation: Operation): Operation =>
  consistent.has(operation) ? operation : decodeOperation(encodeOperation(operation));
