import { createRequire } from 'node:module';
import type { Bytes } from '@attestel/core';

export type VerifyEd25519 = (publicKey: Bytes, message: Bytes, signature: Bytes) => boolean;

interface Sodium {
  crypto_sign_verify_detached(signature: Bytes, message: Bytes, publicKey: Bytes): boolean;
}

/**
 * libsodium's Ed25519, where the optional package is installed: about a third faster than OpenSSL's. Like that one it
 * verifies without cofactor; the ledger's strict rule runs before either, and vectors hold them to the same answers.
 */
export function sodiumEd25519(): VerifyEd25519 | undefined {
  try {
    const sodium = createRequire(import.meta.url)('sodium-native') as Sodium;
    return (publicKey, message, signature) =>
      sodium.crypto_sign_verify_detached(signature, message, publicKey);
  } catch {
    return undefined; // optional: not installed, or no build for this system
  }
}
