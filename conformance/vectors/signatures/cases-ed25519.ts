import { createHash } from 'node:crypto';
import { type Bytes, concatBytes, toHex, utf8 } from '@attestel/core';
import {
  add,
  BASE,
  decode,
  encode,
  fromLittleEndian,
  IDENTITY,
  isCanonical,
  isSame,
  L,
  multiply,
  negate,
  type Order,
  orderOf,
  P,
  type Point,
  SMALL_POINTS,
  toLittleEndian,
} from './edwards.ts';

export interface Ed25519Case {
  readonly name: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  /** Whether the rule of specs/ledger.md §1 takes it: worked out from the facts alone. */
  readonly valid: boolean;
  readonly facts: {
    readonly sBelowL: boolean;
    readonly aOrder: Order;
    readonly rOrder: Order;
    readonly aCanonical: boolean;
    readonly rCanonical: boolean;
    /** S·B = R + h·A. */
    readonly cofactorless: boolean;
    /** 8·S·B = 8·R + 8·h·A. */
    readonly cofactored: boolean;
  };
}

const sha512 = (bytes: Bytes): bigint =>
  fromLittleEndian64(new Uint8Array(createHash('sha512').update(bytes).digest()));
const fromLittleEndian64 = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes.reverse())}`);
/** Secret scalar that a name makes. */
const scalarOf = (name: string): bigint => sha512(utf8(`attestel vector ${name}`)) % L;
const hashOf = (r: Bytes, a: Bytes, message: Bytes): bigint => sha512(concatBytes(r, a, message)) % L;

/** Works out every fact of a signature, whatever its bytes. */
function describe(name: string, a: Bytes, message: Bytes, r: Bytes, s: bigint): Ed25519Case {
  const facts = factsOf(a, message, r, s);
  const { sBelowL, aOrder, rOrder, aCanonical, rCanonical, cofactorless } = facts;
  const isStrict = sBelowL && aCanonical && rCanonical && aOrder !== 'small' && rOrder !== 'small';
  return {
    name,
    publicKey: toHex(a),
    message: toHex(message),
    signature: toHex(concatBytes(r, toLittleEndian(s))),
    valid: isStrict && cofactorless,
    facts,
  };
}

function factsOf(a: Bytes, message: Bytes, r: Bytes, s: bigint): Ed25519Case['facts'] {
  const [pointA, pointR] = [decode(a), decode(r)];
  const gap =
    pointA && pointR
      ? add(multiply(s, BASE), negate(add(pointR, multiply(hashOf(r, a, message), pointA))))
      : undefined;
  return {
    sBelowL: s < L,
    aOrder: orderOf(a),
    rOrder: orderOf(r),
    aCanonical: isCanonical(a),
    rCanonical: isCanonical(r),
    cofactorless: gap !== undefined && isSame(gap, IDENTITY),
    cofactored: gap !== undefined && isSame(multiply(8n, gap), IDENTITY),
  };
}

/** Messages until one makes h ≡ `rest` modulo 8, or another rest for -1. */
function messageFor(r: Bytes, a: Bytes, isWanted: (h: bigint) => boolean): Bytes {
  for (let i = 0; ; i++) {
    const message = utf8(`message ${i}`);
    if (isWanted(hashOf(r, a, message))) return message;
  }
}

/** A signature by A = a·B + torsionA with R = r·B + torsionR: honest in the large subgroup. */
function mixed(name: string, torsionA: Point, torsionR: Point, isWanted: (h: bigint) => boolean): Ed25519Case {
  const [secret, nonce] = [scalarOf(`${name} key`), scalarOf(`${name} nonce`)];
  const a = encode(add(multiply(secret, BASE), torsionA));
  const r = encode(add(multiply(nonce, BASE), torsionR));
  const message = messageFor(r, a, isWanted);
  return describe(name, a, message, r, (nonce + hashOf(r, a, message) * secret) % L);
}

const order8 = SMALL_POINTS[1] as Point;
const any = (): boolean => true;

function honest(): Ed25519Case[] {
  const base = mixed('an honest signature', IDENTITY, IDENTITY, any);
  const [a, r] = [hex(base.publicKey), hex(base.signature).slice(0, 32)];
  const s = fromLittleEndian(hex(base.signature).slice(32));
  const message = hex(base.message);
  const again = (name: string, value: bigint): Ed25519Case => describe(name, a, message, r, value);
  const wraps = Array.from({ length: 15 }, (_, i) => again(`S + ${i + 1} L`, s + BigInt(i + 1) * L));
  return [
    base,
    ...wraps.filter((one) => one.signature.length === 128),
    again('S = L', L),
    again('S = L - 1', L - 1n),
    again('S = 0', 0n),
    again('S of all ones', 2n ** 256n - 1n),
    describe('another message', a, utf8('another'), r, s),
    describe('R with its sign changed', a, message, r.with(31, (r[31] as number) ^ 0x80), s),
    describe('A with its sign changed', a.with(31, (a[31] as number) ^ 0x80), message, r, s),
    describe('R of no point', a, message, noPoint(), s),
    describe('A of no point', noPoint(), message, r, s),
  ];
}

function noPoint(): Bytes {
  for (let y = 2n; ; y++) if (!decode(toLittleEndian(y))) return toLittleEndian(y);
}

/** Every spelling of a point of small order that decoders take: canonical, y + p, and -0. */
function smallSpellings(): Bytes[] {
  const spellings = new Map<string, Bytes>();
  for (const point of SMALL_POINTS) {
    for (const y of [point.y, point.y + P].filter((value) => value < 2n ** 255n)) {
      for (const sign of point.x === 0n ? [0n, 1n] : [point.x & 1n]) {
        const bytes = toLittleEndian(y | (sign << 255n));
        spellings.set(toHex(bytes), bytes);
      }
    }
  }
  return [...spellings.values()];
}

/** Keys of small order, under which anybody makes signatures for which the equation holds. */
const smallKeys = (): Ed25519Case[] =>
  smallSpellings().map((a, i) => {
    const nonce = scalarOf(`small key ${i}`);
    const point = decode(a) as Point;
    const r = encode(multiply(nonce, BASE));
    const message = messageFor(r, a, (h) => isSame(multiply(h, point), IDENTITY));
    return describe(`small-order A, spelling ${i}`, a, message, r, nonce);
  });

/** R of small order under an honest key: the holder can make them, and libraries disagree. */
const smallNonces = (): Ed25519Case[] =>
  smallSpellings().map((r, i) => {
    const secret = scalarOf(`small nonce ${i}`);
    const a = encode(multiply(secret, BASE));
    const message = utf8('message');
    return describe(`small-order R, spelling ${i}`, a, message, r, (hashOf(r, a, message) * secret) % L);
  });

/** y from p to 2^255 - 1: a second spelling, for points that nobody can sign with too. */
function secondSpellings(): Ed25519Case[] {
  const secret = scalarOf('second spellings');
  const a = encode(multiply(secret, BASE));
  const r = encode(multiply(secret + 1n, BASE));
  return Array.from({ length: 19 }, (_, y) => toLittleEndian(P + BigInt(y))).flatMap((point, y) => [
    describe(`A with y = p + ${y}`, point, utf8('message'), r, secret),
    describe(`R with y = p + ${y}`, a, utf8('message'), point, secret),
  ]);
}

/** Components of small order: the equation with and without cofactor part ways here. */
const mixedOrder = (): Ed25519Case[] => [
  mixed('mixed A, h a multiple of 8', order8, IDENTITY, (h) => h % 8n === 0n),
  mixed('mixed A, h no multiple of 8', order8, IDENTITY, (h) => h % 8n !== 0n),
  mixed('mixed R', IDENTITY, order8, any),
  mixed('mixed A and R that cancel out', order8, negate(order8), (h) => h % 8n === 1n),
  mixed('mixed A and R that do not cancel out', order8, negate(order8), (h) => h % 8n === 2n),
  mixed('A with a component of order 2, h even', SMALL_POINTS[4] as Point, IDENTITY, (h) => h % 2n === 0n),
  mixed('A with a component of order 2, h odd', SMALL_POINTS[4] as Point, IDENTITY, (h) => h % 2n === 1n),
];

const bothSmall = (): Ed25519Case[] =>
  smallSpellings().map((point, i) => describe(`small-order A = R, S = 0, ${i}`, point, utf8('message'), point, 0n));

const hex = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'hex'));

export const ed25519Cases = (): readonly Ed25519Case[] => [
  ...honest(),
  ...mixedOrder(),
  ...smallKeys(),
  ...smallNonces(),
  ...bothSmall(),
  ...secondSpellings(),
];
