import { type Bytes, fromHex, toHex } from '@attestel/core';

// Ed25519's curve in affine coordinates, as RFC 8032 §5.1 writes it. Slow, and independent of every library it judges.
export const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

const mod = (value: bigint): bigint => ((value % P) + P) % P;

function power(base: bigint, exponent: bigint): bigint {
  let [result, factor] = [1n, mod(base)];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * factor) % P;
    factor = (factor * factor) % P;
  }
  return result;
}

const inverse = (value: bigint): bigint => power(value, P - 2n);
const D = mod(-121665n * inverse(121666n));

export const IDENTITY: Point = { x: 0n, y: 1n };

export function add(a: Point, b: Point): Point {
  const product = mod(D * mod(a.x * b.x) * mod(a.y * b.y));
  return {
    x: mod((a.x * b.y + b.x * a.y) * inverse(1n + product)),
    y: mod((a.y * b.y + a.x * b.x) * inverse(1n - product)),
  };
}

export const negate = ({ x, y }: Point): Point => ({ x: mod(-x), y });

/** X / Z, Y / Z and X·Y / Z²: additions without a division (RFC 8032 §5.1.4). */
type Extended = readonly [x: bigint, y: bigint, z: bigint, t: bigint];

function addExtended([x1, y1, z1, t1]: Extended, [x2, y2, z2, t2]: Extended): Extended {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * mod(t1 * t2));
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

export function multiply(scalar: bigint, { x, y }: Point): Point {
  let result: Extended = [0n, 1n, 1n, 0n];
  let double: Extended = [x, y, 1n, mod(x * y)];
  for (let k = scalar; k > 0n; k >>= 1n) {
    if (k & 1n) result = addExtended(result, double);
    double = addExtended(double, double);
  }
  const z = inverse(result[2]);
  return { x: mod(result[0] * z), y: mod(result[1] * z) };
}

export const isSame = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

/** The point that 32 bytes stand for, y reduced if need be; undefined where there is none on the curve. */
export function decode(bytes: Bytes): Point | undefined {
  const value = fromLittleEndian(bytes);
  const y = mod(value & (2n ** 255n - 1n));
  const x = squareRoot(mod((y * y - 1n) * inverse(D * y * y + 1n)));
  if (x === undefined) return undefined;
  const isOdd = value >> 255n === 1n;
  return { x: (x & 1n) === 1n === isOdd ? x : mod(-x), y };
}

function squareRoot(value: bigint): bigint | undefined {
  const root = power(value, (P + 3n) / 8n);
  const other = mod(root * power(2n, (P - 1n) / 4n));
  return [root, other].find((candidate) => mod(candidate * candidate) === value);
}

export const encode = ({ x, y }: Point): Bytes => toLittleEndian(y | ((x & 1n) << 255n));

/** Whether bytes are the one encoding of their point: y < p, and no sign where x is 0. */
export function isCanonical(bytes: Bytes): boolean {
  const point = decode(bytes);
  return point !== undefined && toHex(encode(point)) === toHex(bytes);
}

export type Order = 'none' | 'small' | 'prime' | 'mixed';

/** Of the point that bytes stand for. */
export function orderOf(bytes: Bytes): Order {
  const point = decode(bytes);
  if (!point) return 'none';
  if (isSame(multiply(8n, point), IDENTITY)) return 'small';
  return isSame(multiply(L, point), IDENTITY) ? 'prime' : 'mixed';
}

export const toLittleEndian = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, '0')).reverse();
export const fromLittleEndian = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`);

const baseY = mod(4n * inverse(5n));
export const BASE = decode(toLittleEndian(baseY)) as Point;

/** The eight points whose order divides 8, as multiples of one of order 8. */
export const SMALL_POINTS: readonly Point[] = smallPoints();

function smallPoints(): Point[] {
  for (let y = 2n; ; y++) {
    const point = decode(toLittleEndian(y));
    const small = point && multiply(L, point);
    if (small && !isSame(multiply(4n, small), IDENTITY)) {
      return Array.from({ length: 8 }, (_, i) => multiply(BigInt(i), small));
    }
  }
}
