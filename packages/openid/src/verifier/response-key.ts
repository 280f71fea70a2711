import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { fromBase64url, toBase64url } from '@attestel/core';
import type { Flow } from './flow.ts';
import type { Sealer } from './sealer.ts';

type StoredKey = NonNullable<Flow['key']>;

/** A fresh P-256 pair for one response (HAIP 1.0 §5: ephemeral per request); the private part leaves sealed. */
export function createResponseKey(id: string, sealer: Sealer): StoredKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  return { x, y, sealed: toBase64url(sealer.seal(contextOf(id), fromBase64url(d))) };
}

export function openResponseKey(id: string, key: StoredKey, sealer: Sealer): KeyObject {
  const d = toBase64url(sealer.open(contextOf(id), fromBase64url(key.sealed)));
  return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y, d } });
}

const contextOf = (id: string): string => `verifier/response-key/${id}`;
