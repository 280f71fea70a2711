import { type Bytes, multikeyFromJwk, type Signer } from '@attestel/core';

/** `holder`: binds one copy of a credential. `dpop`: binds one access token. Never both. */
export type WalletKeyPurpose = 'holder' | 'dpop';

/** Exactly the members that define a P-256 key: anything more would correlate copies. */
export interface HolderJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** Holds the wallet's P-256 keys and uses them; private keys never leave. */
export interface WalletKeys {
  /**
   * Makes a key under a new name (lower-case letters, digits and `-`); durable when it resolves. The
   * caller chooses the name, so that it can be written down before the key exists.
   */
  generate(request: { purpose: WalletKeyPurpose; ref: string }): Promise<void>;
  publicJwk(ref: string): Promise<HolderJwk>;
  /** ECDSA P-256 with SHA-256 over the message: 64 bytes r‖s (RFC 7518 §3.4). */
  sign(ref: string, message: Bytes): Promise<Bytes>;
  /** Forgets the key for ever; an unknown name is no error. */
  destroy(ref: string): Promise<void>;
}

/** The signer port over one wallet key. */
export async function walletSigner(keys: WalletKeys, ref: string): Promise<Signer> {
  return {
    algorithm: 'ES256',
    publicKey: multikeyFromJwk(await keys.publicJwk(ref)),
    sign: (message) => keys.sign(ref, message),
  };
}

/** Strips everything but the defining members. @throws TypeError for another kind of key */
export function toHolderJwk(jwk: { kty?: unknown; crv?: unknown; x?: unknown; y?: unknown }): HolderJwk {
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || typeof jwk.x !== 'string' || typeof jwk.y !== 'string') {
    throw new TypeError('wallet key: expected kty EC with crv P-256');
  }
  return { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y };
}
