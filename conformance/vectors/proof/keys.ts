import { createHash, createECDH, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

// Keys and signatures that come out the same each time: seeds are hashes of names, and the ECDSA nonce is a
// hash too. Good for vectors and for nothing else.

export const sha256 = (data: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(data).digest());
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const hashOf = (text: string): Uint8Array => sha256(utf8(text));

export interface VectorKey {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function ed25519Key(name: string): VectorKey {
  const seed = hashOf(`attestel proof vector: ${name}`);
  const der = Buffer.concat([PKCS8_ED25519, seed]);
  const key: KeyObject = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: new Uint8Array(publicKey),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

/** Order of P-256 (SP 800-186 §3.2.1.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const scalar = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`) % P256_ORDER;
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

/** Public key compressed, signatures r ‖ s (FIPS 186-5 §6.4.1). */
export function p256Key(name: string): VectorKey {
  const d = scalar(hashOf(`attestel proof vector: ${name}`));
  return {
    publicKey: multiply(d),
    sign: (message) => {
      const k = scalar(sha256(Buffer.concat([utf8('nonce'), bytesOf(d), message])));
      const r = scalar(multiply(k).subarray(1));
      const s = (inverse(k) * (scalar(sha256(message)) + r * d)) % P256_ORDER;
      return new Uint8Array(Buffer.concat([bytesOf(r), bytesOf(s)]));
    },
  };
}

/** scalar · G, compressed. */
function multiply(value: bigint): Uint8Array {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(bytesOf(value));
  return new Uint8Array(curve.getPublicKey(null, 'compressed'));
}

/** value^(n − 2) mod n (Fermat). */
function inverse(value: bigint): bigint {
  let result = 1n;
  for (let base = value, exponent = P256_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P256_ORDER;
    base = (base * base) % P256_ORDER;
  }
  return result;
}

/** Order of Ed25519's group (RFC 8032 §5.1). */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The same Ed25519 signature with S + L, which a lax verifier takes too (RFC 8032 §5.1.7). */
export function malleated(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${hex(signature.slice(32).reverse())}`) + ED25519_ORDER;
  return Uint8Array.from([...signature.slice(0, 32), ...bytesOf(s).reverse()]);
}
