import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { concatBytes, fromBase64url, fromHex, type Signer } from '@attestel/core';

/** PKCS #8 of an Ed25519 key (RFC 8410 §7), up to its 32 bytes. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');
/** Multicodec of an Ed25519 public key. */
const ED25519 = Uint8Array.of(0xed, 0x01);

/**
 * The key made for one relation: who has the payloads of an object has it, and with it the say over the object's next
 * line. @param seed 32 bytes, hex
 */
export function relationSigner(seed: string): Signer {
  const der = Buffer.from(concatBytes(PKCS8_PREFIX, fromHex(seed)));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    algorithm: 'EdDSA',
    publicKey: concatBytes(ED25519, publicBytes(key)),
    sign: async (message) => new Uint8Array(sign(null, message, key)),
  };
}

const publicBytes = (key: KeyObject): Uint8Array =>
  fromBase64url(createPublicKey(key).export({ format: 'jwk' }).x ?? '');
