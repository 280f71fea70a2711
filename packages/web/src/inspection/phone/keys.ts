import { type MultikeyBytes, multikeyFromJwk } from '@attestel/core';

/** A key that the browser made and lets nobody read: scripts can use it, and not take it away. */
export interface PhoneKey {
  readonly pair: CryptoKeyPair;
  readonly publicKey: MultikeyBytes;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

export async function makeKey(): Promise<PhoneKey> {
  const pair = await crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { pair, publicKey: multikeyFromJwk(jwk) };
}

/** r ‖ s over SHA-256 of the message (FIPS 186-5 §6.4). */
export const signWith = async ({ pair }: PhoneKey, message: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign(ECDSA_SHA256, pair.privateKey, Uint8Array.from(message)));
