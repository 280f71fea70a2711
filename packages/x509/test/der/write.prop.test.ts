import { concatBytes } from '@attestel/core';
import {
  contextTag,
  der,
  readBitBytes,
  readDer,
  readGeneralizedTime,
  readNamedBits,
  readOid,
  readSmallInteger,
  readTime,
  readTrue,
  readUnsigned,
  TAG,
} from '@attestel/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const YEAR_1950 = Date.UTC(1950, 0) / 1000;
const YEAR_9999 = Date.UTC(9999, 11, 31) / 1000;

describe('writer of DER: what it writes, the strict reader reads', () => {
  it('integers, from numbers and magnitudes', () => {
    fc.assert(
      fc.property(fc.nat(0x7fffffff), (value) => {
        expect(readSmallInteger(readDer(der.integer(value), TAG.integer))).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (magnitude) => {
        const first = magnitude.findIndex((byte) => byte !== 0);
        const expected = first < 0 ? Uint8Array.of(0) : magnitude.slice(first);
        expect(readUnsigned(readDer(der.integer(magnitude)))).toEqual(expected);
      }),
    );
  });

  it('object identifiers', () => {
    const oid = fc
      .tuple(fc.nat(2), fc.nat(39), fc.array(fc.nat(2 ** 40), { maxLength: 7 }))
      .map((arcs) => arcs.flat().join('.'));
    fc.assert(
      fc.property(oid, (text) => {
        expect(readOid(readDer(der.oid(text)))).toBe(text);
      }),
    );
  });

  it('times, in the form that their year asks for', () => {
    fc.assert(
      fc.property(fc.integer({ min: YEAR_1950, max: YEAR_9999 }), (seconds) => {
        expect(readTime(readDer(der.time(seconds)))).toBe(seconds);
        expect(readGeneralizedTime(readDer(der.generalizedTime(seconds)))).toBe(seconds);
      }),
    );
  });

  it('bits, strings and tagged elements of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), fc.nat(30), (bytes, number) => {
        expect(readBitBytes(readDer(der.bitString(bytes)))).toEqual(bytes);
        expect(readDer(der.octetString(bytes), TAG.octetString).content).toEqual(bytes);
        const tagged = readDer(der.explicit(number, der.octetString(bytes)), contextTag(number));
        expect(tagged.content).toEqual(der.octetString(bytes));
        expect(
          readDer(der.implicit(number, der.octetString(bytes)), contextTag(number, false)).content,
        ).toEqual(bytes);
      }),
      { numRuns: 30 },
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(20)), (bits) => {
        expect(readNamedBits(readDer(der.namedBits(bits)))).toEqual(bits.toSorted((a, b) => a - b));
      }),
    );
  });

  it('sets in the order of their encodings', () => {
    const [a, b] = [der.integer(1), der.octetString(Uint8Array.of(9))];
    expect(der.setOf(b, a)).toEqual(concatBytes(Uint8Array.of(0x31, 6), a, b));
    expect(readTrue(readDer(der.boolean(true)))).toBe(true);
  });

  it.each([
    ['negative number', () => der.integer(-1)],
    ['fraction', () => der.integer(0.5)],
    ['object identifier of one arc', () => der.oid('1')],
    ['object identifier beyond 1.39', () => der.oid('1.40.1')],
    ['object identifier with a leading zero', () => der.oid('1.2.03')],
    ['text beyond ASCII', () => der.ia5String('é')],
    ['fraction of a second', () => der.time(0.5)],
    ['year 10000', () => der.time(253_402_300_800)],
  ])('refuses to write a %s', (_, write) => {
    expect(write).toThrow(TypeError);
  });
});
