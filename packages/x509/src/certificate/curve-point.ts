import type { Bytes } from '@attestel/core';

export type Curve = 'P-256' | 'P-384';

interface CurveParameters {
  readonly p: bigint;
  readonly b: bigint;
  /** Octets of a coordinate. */
  readonly size: number;
}

// SP 800-186 §3.2.1.3, §3.2.1.4; a = −3 on both. Public values only: no need for constant time.
export const CURVES: Readonly<Record<Curve, CurveParameters>> = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    size: 32,
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    size: 48,
  },
};

/** Whether an uncompressed point (SEC 1 §2.3.3) lies on the curve. */
export function isOnCurve(curve: Curve, point: Bytes): boolean {
  const { p, b, size } = CURVES[curve];
  if (point.length !== 2 * size + 1 || point[0] !== 4) return false;
  const hex = Buffer.from(point.buffer, point.byteOffset, point.length).toString('hex');
  const x = BigInt(`0x${hex.slice(2, 2 * size + 2)}`);
  const y = BigInt(`0x${hex.slice(2 * size + 2)}`);
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}
