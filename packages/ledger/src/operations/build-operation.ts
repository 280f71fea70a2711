import { type Bytes, encodeCbor, type Signer } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Operation, OperationPayload } from '../operation.ts';
import { decodeOperation } from './decode-operation.ts';
import { signedBytes } from './operation-id.ts';

/**
 * Encodes and signs a change. What it returns has passed the same parser that a ledger uses.
 * @throws AppError naming field and rule; TypeError when a value has no CBOR form
 */
export async function buildOperation(
  payload: OperationPayload,
  signers: readonly Signer[],
  attachment: Bytes | null = null,
): Promise<Operation> {
  if (signers.length === 0) throw fail('signature_missing', { field: '/signatures' });
  const { previous, sequence, ...rest } = payload;
  const payloadBytes = encodeCbor({
    ...rest,
    ...(previous === undefined ? {} : { previous }),
    ...(sequence === undefined ? {} : { sequence }),
  });
  const message = signedBytes(payloadBytes);
  const signatures = await Promise.all(
    signers.map(async (signer) => [signer.publicKey, await signer.sign(message)]),
  );
  return decodeOperation(encodeCbor([payloadBytes, signatures, attachment]));
}
