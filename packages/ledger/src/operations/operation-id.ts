import { type Bytes, concatBytes, utf8 } from '@attestel/core';
import { OPERATION_DOMAIN_TAG } from '../operation.ts';
import { sha256 } from '../sha256.ts';

const TAG = utf8(OPERATION_DOMAIN_TAG);

/** What the signatures of an operation cover: domain tag ‖ payload bytes. */
export const signedBytes = (payloadBytes: Bytes): Bytes => concatBytes(TAG, payloadBytes);

/** SHA-256 of the signed bytes. Signatures are no part of it, so adding one does not rename an operation. */
export const operationId = (payloadBytes: Bytes): Bytes => sha256(signedBytes(payloadBytes));
