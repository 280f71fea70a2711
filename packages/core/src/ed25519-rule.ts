import { type Bytes, equalBytes, fromHex } from './bytes.ts';

// OpenSSL, libsodium and noble disagree on odd encodings (RFC 8032 §5.1.7 leaves room). These checks
// run first and leave only inputs on which cofactorless verifiers agree.

/** Group order L = 2^252 + 27742317777372353535851937790883648493, little-endian. */
const ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
/** Field prime p = 2^255 − 19, little-endian. */
const PRIME = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/** y-coordinates of the eight points whose order divides 8; both signs of x are covered. */
const SMALL_ORDER_Y = [
  '0100000000000000000000000000000000000000000000000000000000000000', // order 1
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
].map(fromHex);

/** Whether signature (R ‖ S) and public key A have the one encoding that ledgers and proofs accept. */
export const isStrictEd25519 = (publicKey: Bytes, signature: Bytes): boolean =>
  isStrictEd25519Key(publicKey) &&
  signature.length === 64 &&
  isBelow(signature.subarray(32), ORDER) && // RFC 8032 §5.1.7: S < L
  isStrictPoint(signature.subarray(0, 32));

/** Whether a public key has its one encoding and a signature by it needs its private key. */
export const isStrictEd25519Key = (publicKey: Bytes): boolean =>
  publicKey.length === 32 && isStrictPoint(publicKey);

/** y < p (canonical, RFC 8032 §5.1.3) and not of small order. */
function isStrictPoint(point: Bytes): boolean {
  const y = new Uint8Array(point); // not `slice`: a Buffer's shares its memory, and this would change the caller's key
  y[31] = (y[31] as number) & 0x7f;
  return isBelow(y, PRIME) && !SMALL_ORDER_Y.some((small) => equalBytes(small, y));
}

/** Little-endian a < b. Public values: no need for constant time. */
function isBelow(a: Bytes, b: Bytes): boolean {
  for (let i = a.length - 1; i >= 0; i--) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
