import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { SyncProofCrypto } from '../src/index.ts';
import { hashOf, sha256 } from './sha256.ts';

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_P256 = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');

/** Node's Ed25519, which refuses S ≥ L; no answer but no for what it cannot import. */
export const nodeCrypto: SyncProofCrypto = {
  sha256,
  verifyEd25519: (publicKey, message, signature) => {
    try {
      const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
      return verify(null, message, key, signature);
    } catch {
      return false;
    }
  },
};

/** ECDSA with r ‖ s under a compressed key. */
export function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([SPKI_P256, publicKey]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

export interface TestKey {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const keys = new Map<string, TestKey>();

/** An Ed25519 key that is the same each time. */
export function ed25519Key(name: string): TestKey {
  const key = keys.get(name) ?? makeKey(name);
  keys.set(name, key);
  return key;
}

function makeKey(name: string): TestKey {
  const der = Buffer.concat([PKCS8, hashOf(`test key ${name}`)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: new Uint8Array(publicKey),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}
