import { createECDH } from 'node:crypto';
import { type Bytes, fromBase64url, toBase64url } from '@attestel/core';
import type { Flow } from './flow.ts';
import type { Sealer } from './sealer.ts';

type StoredKey = NonNullable<Flow['key']>;

/** A fresh P-256 pair for one response (HAIP 1.0 §5: ephemeral per request); the private part leaves sealed. */
export function createResponseKey(id: string, sealer: Sealer): StoredKey {
  const ecdh = createECDH('prime256v1');
  const point = ecdh.generateKeys();
  const sealed = sealer.seal(contextOf(id), leftPadded(ecdh.getPrivateKey()));
  return {
    x: toBase64url(point.subarray(1, 33)),
    y: toBase64url(point.subarray(33)),
    sealed: toBase64url(sealed),
  };
}

export const openResponseKey = (id: string, key: StoredKey, sealer: Sealer): Bytes =>
  sealer.open(contextOf(id), fromBase64url(key.sealed));

const contextOf = (id: string): string => `verifier/response-key/${id}`;

/** Node drops leading zeros of the number. */
const leftPadded = (privateKey: Bytes): Bytes =>
  Buffer.concat([Buffer.alloc(32 - privateKey.length), privateKey]);
