import { type Bytes, type StoreWriter, utf8 } from '@attestel/core';
import { putUntil, removeExpired } from './expiry.ts';
import { sha256 } from './keys.ts';

const TABLE = 'issuer/used-once';

/** Something that counts once until it expires: a c_nonce, the jti of a DPoP proof, a porting record. */
export interface OneTimeValue {
  readonly kind: 'c_nonce' | 'dpop-jti' | 'porting-record';
  readonly value: string;
  /** Unix seconds from which the value is refused for its age, so that the row may go. */
  readonly expiresAt: number;
}

/** Marks the value as used. @returns false when it was used before; nothing is written then */
export function useOnce(writer: StoreWriter, item: OneTimeValue, now: number): boolean {
  const key = keyOf(item);
  if (writer.get(TABLE, key) !== undefined) return false;
  removeExpired(writer, now);
  putUntil(writer, { table: TABLE, key, value: new Uint8Array(0), at: item.expiresAt });
  return true;
}

const keyOf = (item: OneTimeValue): Bytes => sha256(utf8(`${item.kind}\n${item.value}`));
