import { isAppError, toBase64url, toHex } from '@attestel/core';
import { encodeOperation, type Operation } from '@attestel/ledger';
import type { JsonObject } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';

export interface Asking {
  /** DID of who is to sign. */
  readonly to: string;
  /** Signed by this party. */
  readonly operation: Operation;
  /** What the other one has to see beside the operation. */
  readonly parcel: JsonObject;
}

/**
 * Asks another party to sign an operation; its answer comes as a parcel before the delivery ends. Unchanged where it
 * does not sign, which is logged.
 */
export async function askToSign(parts: HostParts, { to, operation, parcel }: Asking): Promise<Operation> {
  const id = toHex(operation.id);
  parts.cosigning.set(id, operation);
  try {
    await parts.exchange.deliver(to, { ...parcel, operation: toBase64url(encodeOperation(operation)) });
  } catch (error) {
    parts.logger.warn('contract_cosign_failed', {
      line: id,
      code: isAppError(error) ? error.code : 'failed',
    });
  }
  const signed = parts.cosigning.get(id) ?? operation;
  parts.cosigning.delete(id);
  return signed;
}
