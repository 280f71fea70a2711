import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from 'node:crypto';
import type { Bytes } from '@attestel/core';

/** Authenticated encryption of what rests in a store. The context binds a value to its place. */
export interface Sealer {
  seal(context: string, plaintext: Bytes): Bytes;
  /** @throws when the value was made for another context, under another key, or was altered */
  open(context: string, sealed: Bytes): Bytes;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM, layout nonce ‖ ciphertext ‖ tag. Random nonces: replace the key long before 2^32 values. */
export function createSealer(key: Bytes): Sealer {
  if (key.length !== 32) throw new TypeError('sealer: the key must be 32 bytes');
  // Node looks long at raw bytes before it takes them for a key.
  const secret = createSecretKey(key);
  const nextNonce = createNonces();
  return {
    seal(context, plaintext) {
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    open(context, sealed) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new TypeError('sealer: value too short');
      const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
}

/** Asking the system for twelve bytes costs as much as for four thousand. */
function createNonces(): () => Bytes {
  const pool = Buffer.alloc(NONCE_BYTES * 340);
  let at = pool.length;
  return () => {
    if (at >= pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    const nonce = Buffer.from(pool.subarray(at, at + NONCE_BYTES));
    at += NONCE_BYTES;
    return nonce;
  };
}
