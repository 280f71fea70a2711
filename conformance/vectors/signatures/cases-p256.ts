import { createHash } from 'node:crypto';
import { type Bytes, concatBytes, fromHex, toHex, utf8 } from '@attestel/core';
import { add, BASE, inverse, lift, multiply, N, P, type Point } from './weierstrass.ts';

export interface P256Case {
  readonly name: string;
  /** SEC 1 compressed point, where it is one. */
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  /** Whether the rule of specs/ledger.md §1 takes it: worked out from the facts alone. */
  readonly valid: boolean;
  readonly facts: {
    readonly signatureLength: number;
    readonly rInRange: boolean;
    readonly sInRange: boolean;
    /** The key is 33 bytes, 02 or 03 first, x < p and on the curve. */
    readonly keyOnCurve: boolean;
    /** The x of z/s·G + r/s·Q is r modulo n; false where that cannot be asked. */
    readonly equation: boolean;
  };
}

const sha256 = (bytes: Bytes): bigint => BigInt(`0x${createHash('sha256').update(bytes).digest('hex')}`);
const to32 = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, '0'));
const toBigInt = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes)}`);
/** 0 for no bytes. */
const numberOf = (bytes: Bytes): bigint => (bytes.length === 0 ? 0n : toBigInt(bytes));
const scalarOf = (name: string): bigint => sha256(utf8(`attestel vector ${name}`)) % N;
const compress = ({ x, y }: Point): Bytes => concatBytes(Uint8Array.of(y % 2n === 0n ? 2 : 3), to32(x));
const MESSAGE = utf8('message');

function keyPoint(key: Bytes): Point | undefined {
  if (key.length !== 33 || (key[0] !== 2 && key[0] !== 3)) return undefined;
  const even = lift(toBigInt(key.slice(1)));
  return even && (key[0] === 3 ? { x: even.x, y: P - even.y } : even);
}

/** Works out every fact of a signature, whatever its bytes. */
function describe(name: string, key: Bytes, signature: Bytes, message = MESSAGE): P256Case {
  const [r, s] = [numberOf(signature.slice(0, 32)), numberOf(signature.slice(32, 64))];
  const [rInRange, sInRange] = [r, s].map((value) => value > 0n && value < N) as [boolean, boolean];
  const point = keyPoint(key);
  const equation = point !== undefined && rInRange && sInRange && holds(point, message, r, s);
  const keyOnCurve = point !== undefined;
  return {
    name,
    publicKey: toHex(key),
    message: toHex(message),
    signature: toHex(signature),
    valid: signature.length === 64 && equation,
    facts: { signatureLength: signature.length, rInRange, sInRange, keyOnCurve, equation },
  };
}

/** FIPS 186-5 §6.4.2. */
function holds(key: Point, message: Bytes, r: bigint, s: bigint): boolean {
  const w = inverse(s, N);
  const sum = add(multiply(sha256(message) * w, BASE), multiply(r * w, key));
  return sum !== undefined && sum.x % N === r;
}

/** The key under which a chosen (R, s) is a signature of the message: Q = (s·R - z·G) / r. */
function keyFor(point: Point, s: bigint, message = MESSAGE): Bytes {
  const r = inverse(point.x % N, N);
  const sum = add(multiply(s * r, point), multiply((N - (sha256(message) % N)) * r, BASE));
  if (!sum) throw new RangeError('no key signs this');
  return compress(sum);
}

const chosen = (name: string, point: Point, s: bigint): P256Case =>
  describe(name, keyFor(point, s), concatBytes(to32(point.x % N), to32(s)));

/** First point with an x at or after this one. */
function pointFrom(x: bigint): Point {
  for (let at = x; ; at++) {
    const point = lift(at);
    if (point) return point;
  }
}

/** Signatures with extreme numbers, each valid. */
const extremes = (): P256Case[] => [
  chosen('smallest r there is', pointFrom(1n), scalarOf('s')),
  chosen('r of 31 bytes', pointFrom(2n ** 240n), scalarOf('s')),
  chosen('r with its top bit set', pointFrom(2n ** 255n), scalarOf('s')),
  chosen('s = 1', pointFrom(2n ** 200n), 1n),
  chosen('s = n - 1', pointFrom(2n ** 200n), N - 1n),
  chosen('s of half the order', pointFrom(2n ** 200n), N / 2n),
  chosen('r = x - n: x of the point is not below the order', pointFrom(N), scalarOf('s')),
];

function honest(): P256Case[] {
  const [secret, nonce] = [scalarOf('key'), scalarOf('nonce')];
  const key = compress(multiply(secret, BASE) as Point);
  const r = (multiply(nonce, BASE) as Point).x % N;
  const s = (inverse(nonce, N) * (sha256(MESSAGE) + r * secret)) % N;
  const of = (name: string, a: bigint, b: bigint): P256Case => describe(name, key, concatBytes(to32(a), to32(b)));
  const signature = concatBytes(to32(r), to32(s));
  return [
    of('an honest signature', r, s),
    of('n - s instead of s: both are taken', r, N - s),
    ...(
      [
        ['r = 0', 0n, s],
        ['s = 0', r, 0n],
        ['r = s = 0', 0n, 0n],
        ['r = n', N, s],
        ['s = n', r, N],
        ['r = n + 1', N + 1n, s],
        ['s = n + 1', r, N + 1n],
        ['r = p', P, s],
        ['r and s of all ones', 2n ** 256n - 1n, 2n ** 256n - 1n],
        ['r and s exchanged', s, r],
        ['r = s = 1', 1n, 1n],
      ] as const
    ).map(([name, a, b]) => of(name, a, b)),
    describe('another message', key, signature, utf8('another')),
    describe('in DER', key, der(r, s)),
    describe('a byte short', key, signature.slice(0, 63)),
    describe('a byte too long', key, concatBytes(signature, Uint8Array.of(0))),
    describe('empty', key, new Uint8Array()),
    ...keys(key, signature),
  ];
}

/** Spellings of the honest key that are none. */
const keys = (key: Bytes, signature: Bytes): P256Case[] => [
  describe('a key of another sign', key.with(0, (key[0] as number) ^ 1), signature),
  describe('a key that is off the curve', concatBytes(Uint8Array.of(2), to32(offCurve())), signature),
  describe('a key with x = p', concatBytes(Uint8Array.of(2), to32(P)), signature),
  describe('a key with x of all ones', concatBytes(Uint8Array.of(2), to32(2n ** 256n - 1n)), signature),
  describe('a key with x + p', concatBytes(Uint8Array.of(2), to32(pointFrom(1n).x + P)), signature),
  ...[0, 4, 5, 6, 7].map((prefix) => describe(`a key with prefix 0${prefix}`, key.with(0, prefix), signature)),
  describe('the point at infinity', Uint8Array.of(0), signature),
  describe('a key a byte short', key.slice(0, 32), signature),
];

function offCurve(): bigint {
  for (let x = 1n; ; x++) if (!lift(x)) return x;
}

/** A valid signature whose DER has 64 bytes, as r ‖ s has: read in the other form, it must not count. */
function confusing(): P256Case[] {
  const point = pointFrom(2n ** 250n);
  const s = 2n ** 206n + 1n;
  const key = keyFor(point, s);
  return [
    describe('r ‖ s with a short s', key, concatBytes(to32(point.x % N), to32(s))),
    describe('its DER, which has 64 bytes too', key, der(point.x % N, s)),
  ];
}

function der(r: bigint, s: bigint): Bytes {
  const integer = (value: bigint): Bytes => {
    const text = value.toString(16);
    const bytes = fromHex(text.length % 2 === 0 ? text : `0${text}`);
    const padded = (bytes[0] as number) >= 0x80 ? concatBytes(Uint8Array.of(0), bytes) : bytes;
    return concatBytes(Uint8Array.of(2, padded.length), padded);
  };
  const body = concatBytes(integer(r), integer(s));
  return concatBytes(Uint8Array.of(0x30, body.length), body);
}

export const p256Cases = (): readonly P256Case[] => [...honest(), ...extremes(), ...confusing()];
