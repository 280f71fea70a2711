import { type Bytes, concatBytes, utf8 } from '@attestel/core';
import { OPERATION_DOMAIN_TAG } from '../operation.ts';
import { sha256 } from '../sha256.ts';

const TAG = utf8(OPERATION_DOMAIN_TAG);

/** What the signatures of an operation cover: domain tag ‖ payload bytes. */
export const signedBytes = (payloadBytes: Bytes): Bytes => concatBytes(TAG, payloadBytes);

/** {@link signedBytes} of each, side by side in one piece of memory: pieces cost more than what is in them. */
export function signedBytesOfAll(payloads: readonly Bytes[]): Bytes[] {
  let size = 0;
  for (const { length } of payloads) size += TAG.length + length;
  const memory = new Uint8Array(size);
  let at = 0;
  return payloads.map((payload) => {
    const start = at;
    memory.set(TAG, start);
    memory.set(payload, start + TAG.length);
    at += TAG.length + payload.length;
    return memory.subarray(start, at);
  });
}

/** SHA-256 of the signed bytes. Signatures are no part of it, so adding one does not rename an operation. */
export function operationId(payloadBytes: Bytes): Bytes {
  const length = TAG.length + payloadBytes.length;
  if (length > preimage.length) return sha256(signedBytes(payloadBytes));
  preimage.set(payloadBytes, TAG.length);
  return sha256(preimage.subarray(0, length));
}

/** Put together in one place: most operations are short, and each has a name. */
const preimage = new Uint8Array(2048);
preimage.set(TAG);
