// P-256 in affine coordinates (SP 800-186 §3.2.1.3). Slow, and independent of every library it judges.
export const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
export const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** The point at infinity is undefined. */
export type Sum = Point | undefined;

export const BASE: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, factor] = [1n, mod(base, modulus)];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

/** Extended Euclid; the modulus is prime. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [rest, next] = [modulus, mod(value, modulus)];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return mod(factor, modulus);
}

export function add(a: Sum, b: Sum): Sum {
  if (!a || !b) return a ?? b;
  if (a.x === b.x && mod(a.y + b.y, P) === 0n) return undefined;
  const slope =
    a.x === b.x ? (3n * a.x * a.x - 3n) * inverse(2n * a.y, P) : (b.y - a.y) * inverse(mod(b.x - a.x, P), P);
  const x = mod(slope * slope - a.x - b.x, P);
  return { x, y: mod(slope * (a.x - x) - a.y, P) };
}

export function multiply(scalar: bigint, point: Point): Sum {
  let [result, double]: [Sum, Sum] = [undefined, point];
  for (let k = mod(scalar, N); k > 0n; k >>= 1n) {
    if (k & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

/** The point of an x with even y; undefined where there is none. */
export function lift(x: bigint): Sum {
  if (x >= P) return undefined;
  const right = mod(x * x * x - 3n * x + B, P);
  const root = power(right, (P + 1n) / 4n, P);
  if (mod(root * root, P) !== right) return undefined;
  return { x, y: root % 2n === 0n ? root : P - root };
}
