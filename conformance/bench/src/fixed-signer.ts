import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto';
import { type Bytes, concatBytes, fromHex, type Signer } from '@attestel/core';

/** PKCS #8 up to the 32 bytes of an Ed25519 key (RFC 8410 §7). */
const PKCS8_ED25519 = fromHex('302e020100300506032b657004220420');
const KEY_BYTES = 32;

/** An Ed25519 key made from a name: processes of a benchmark that say the same name share it. */
export function fixedSigner(name: string): Signer {
  const seed: Bytes = hash('sha256', `bench key ${name}`, 'buffer');
  const key = Buffer.from(concatBytes(PKCS8_ED25519, seed));
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = concatBytes(Uint8Array.of(0xed, 0x01), spki.subarray(-KEY_BYTES));
  return {
    algorithm: 'EdDSA',
    publicKey,
    sign: async (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}
