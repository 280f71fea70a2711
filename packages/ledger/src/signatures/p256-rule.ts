import { type Bytes, compareBytes, fromHex } from '@attestel/core';

/** Order n of P-256 (SP 800-186 §3.2.1.3), big-endian. */
const ORDER = fromHex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/**
 * Whether r and s of r ‖ s lie in [1, n − 1] (FIPS 186-5 §6.4.2 step 1). Both s and n − s are taken:
 * key stores and WebCrypto do not normalise, and nothing here is named by a signature's bytes.
 */
export const isStrictP256 = (signature: Bytes): boolean =>
  signature.length === 64 && isScalar(signature.subarray(0, 32)) && isScalar(signature.subarray(32));

const isScalar = (scalar: Bytes): boolean =>
  scalar.some((byte) => byte !== 0) && compareBytes(scalar, ORDER) < 0;
