import { type Bytes, compareBytes, fromHex } from '@attestel/core';

/** Order n of P-256 (SP 800-186 §3.2.1.3), big-endian. */
const ORDER = fromHex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/**
 * Whether r and s of r ‖ s lie in [1, n − 1] (FIPS 186-5 §6.4.2 step 1). Both s and n − s are taken:
 * key stores and WebCrypto do not normalise, and nothing here is named by a signature's bytes.
 */
export const isStrictP256 = (signature: Bytes): boolean =>
  signature.length === 64 && isScalar(signature.subarray(0, 32)) && isScalar(signature.subarray(32));

const SCALAR_BYTES = 32;

/**
 * `SEQUENCE { INTEGER r, INTEGER s }` (RFC 3279 §2.2.3) of r ‖ s that {@link isStrictP256} took. Node verifies
 * DER under a bare key about twice as fast as r ‖ s, which goes through an options object.
 */
export function toDerSignature(signature: Bytes): Bytes {
  const der = new Uint8Array(8 + 2 * SCALAR_BYTES + 2);
  const middle = putInteger(der, 2, signature.subarray(0, SCALAR_BYTES));
  const end = putInteger(der, middle, signature.subarray(SCALAR_BYTES));
  der[0] = 0x30;
  der[1] = end - 2;
  return der.subarray(0, end);
}

/** The one DER spelling: no zero byte in front except where the sign bit would be set. Returns where it ends. */
function putInteger(der: Bytes, at: number, scalar: Bytes): number {
  const first = scalar.findIndex((byte) => byte !== 0); // there is one: zero was refused
  const pad = (scalar[first] as number) >= 0x80 ? 1 : 0;
  const length = scalar.length - first + pad;
  der[at] = 0x02;
  der[at + 1] = length;
  der.set(scalar.subarray(first), at + 2 + pad);
  return at + 2 + length;
}

const isScalar = (scalar: Bytes): boolean =>
  scalar.some((byte) => byte !== 0) && compareBytes(scalar, ORDER) < 0;
