import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  algorithmOf,
  type Bytes,
  concatBytes,
  fromHex,
  isStrictEd25519,
  type MultikeyBytes,
  toBase64,
} from '@attestel/core';
import type { SyncProofCrypto } from '@attestel/proof';
import { sha256 } from '../sha256.ts';
import { isStrictP256, toDerSignature } from './p256-rule.ts';
import type { VerifyEd25519 } from './sodium.ts';

/** The one signature rule of the ledger. Never throws: anything odd does not verify. */
export interface SignatureVerifier {
  verify(key: MultikeyBytes, message: Bytes, signature: Bytes): boolean;
}

/** SubjectPublicKeyInfo up to the key (RFC 8410 §4; RFC 5480 §2, compressed point). */
const SPKI_ED25519 = fromHex('302a300506032b6570032100');
const SPKI_P256 = fromHex('3039301306072a8648ce3d020106082a8648ce3d030107032200');
const PREFIX_BYTES = 2;

export interface SignatureVerifierOptions {
  /** Imported keys that are kept for the next use. Default 10,000. */
  readonly maxKeys?: number;
  /** Another library's Ed25519, asked only after the strict rule. Default: Node's own. */
  readonly ed25519?: VerifyEd25519 | undefined;
}

export function createSignatureVerifier({
  maxKeys = 10_000,
  ed25519,
}: SignatureVerifierOptions = {}): SignatureVerifier {
  const imported = new Map<string, KeyObject>();
  const keyObject = (key: MultikeyBytes): KeyObject => {
    const name = Buffer.from(key).toString('latin1');
    const known = imported.get(name);
    if (known) return known;
    const created = importKey(key);
    // A Map keeps insertion order: the key imported longest ago makes room.
    if (imported.size >= maxKeys) for (const oldest of imported.keys()) return replace(oldest, name, created);
    imported.set(name, created);
    return created;
  };
  const replace = (oldest: string, name: string, created: KeyObject): KeyObject => {
    imported.delete(oldest);
    imported.set(name, created);
    return created;
  };
  return { verify: (key, message, signature) => verifyWith(keyObject, key, message, signature, ed25519) };
}

/** One signature, without keeping the key. Same rule as {@link createSignatureVerifier}. */
export const verifySignature = (key: MultikeyBytes, message: Bytes, signature: Bytes): boolean =>
  verifyWith(importKey, key, message, signature);

/** Node's cryptography under the same rule, for `@attestel/proof`. */
export const proofCrypto: SyncProofCrypto = {
  sha256,
  verifyEd25519: (publicKey, message, signature) =>
    verifySignature(concatBytes(Uint8Array.of(0xed, 0x01), publicKey), message, signature),
};

function verifyWith(
  keyObject: (key: MultikeyBytes) => KeyObject,
  key: MultikeyBytes,
  message: Bytes,
  signature: Bytes,
  ed25519?: VerifyEd25519,
): boolean {
  try {
    if (algorithmOf(key) === 'EdDSA') {
      const publicKey = key.subarray(PREFIX_BYTES);
      if (!isStrictEd25519(publicKey, signature)) return false;
      if (ed25519) return ed25519(publicKey, message, signature);
      return verify(null, message, keyObject(key), signature);
    }
    if (!isStrictP256(signature)) return false;
    return verify('sha256', message, keyObject(key), toDerSignature(signature));
  } catch {
    return false; // not a multikey, or a point that is not on the curve
  }
}

function importKey(key: MultikeyBytes): KeyObject {
  const prefix = algorithmOf(key) === 'EdDSA' ? SPKI_ED25519 : SPKI_P256;
  // As text: Node imports a bare PEM string in half the time it needs for an options object with DER.
  const spki = toBase64(concatBytes(prefix, key.subarray(PREFIX_BYTES)));
  return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`);
}
