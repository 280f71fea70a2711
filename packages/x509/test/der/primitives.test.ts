import { concatBytes, fromHex, utf8 } from '@attestel/core';
import {
  readBitBytes,
  readBits,
  readDer,
  readGeneralizedTime,
  readInteger,
  readNamedBits,
  readNull,
  readOid,
  readSmallInteger,
  readTime,
  readTrue,
  readUnsigned,
  readUtf8,
  TAG,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';

const element = (tag: number, content: Uint8Array) =>
  readDer(concatBytes(Uint8Array.of(tag, content.length), content), tag);
const code = (name: string) => expect.objectContaining({ name: 'AppError', code: name });
const bytes = fromHex;

describe('values in strict DER [X.690 §8, §11]', () => {
  it('reads TRUE as ff only and never FALSE', () => {
    expect(readTrue(element(TAG.boolean, bytes('ff')))).toBe(true);
    for (const hex of ['00', '01']) {
      expect(() => readTrue(element(TAG.boolean, bytes(hex)))).toThrow(code('der_form'));
    }
    for (const hex of ['', 'ffff']) {
      expect(() => readTrue(element(TAG.boolean, bytes(hex)))).toThrow(code('der_malformed'));
    }
  });

  it('reads integers in their shortest form only', () => {
    for (const hex of ['00', '7f', '0080', '80', 'ff7f']) {
      expect(readInteger(element(TAG.integer, bytes(hex)))).toEqual(bytes(hex));
    }
    for (const hex of ['0001', '007f', 'ff80', 'ffff']) {
      expect(() => readInteger(element(TAG.integer, bytes(hex)))).toThrow(code('der_form'));
    }
    expect(() => readInteger(element(TAG.integer, bytes('')))).toThrow(code('der_malformed'));
  });

  it('reads unsigned integers without their sign octet and refuses negative ones', () => {
    expect(readUnsigned(element(TAG.integer, bytes('0080')))).toEqual(bytes('80'));
    expect(readUnsigned(element(TAG.integer, bytes('00')))).toEqual(bytes('00'));
    expect(readSmallInteger(element(TAG.integer, bytes('7fffffff')))).toBe(0x7fffffff);
    for (const hex of ['80', '0080000000', '7fffffffff']) {
      expect(() => readSmallInteger(element(TAG.integer, bytes(hex)))).toThrow(code('der_structure'));
    }
  });

  it('reads object identifiers', () => {
    expect(readOid(element(TAG.oid, bytes('2a8648ce3d030107')))).toBe('1.2.840.10045.3.1.7');
    expect(readOid(element(TAG.oid, bytes('883703')))).toBe('2.999.3');
    for (const [hex, expected] of [
      ['', 'der_malformed'],
      ['2a80', 'der_form'],
      ['80', 'der_form'],
      ['2a8001', 'der_form'],
      ['2a81', 'der_malformed'],
      ['2affffffffffffffff7f', 'der_structure'],
      ['01'.repeat(65), 'der_malformed'],
    ] as const) {
      expect(() => readOid(element(TAG.oid, bytes(hex))), hex).toThrow(code(expected));
    }
  });

  it('reads bit strings whose unused bits are zero', () => {
    expect(readBits(element(TAG.bitString, bytes('0780')))).toEqual({ bytes: bytes('80'), unused: 7 });
    expect(() => readBits(element(TAG.bitString, bytes('07c0')))).toThrow(code('der_form'));
    for (const hex of ['', '01', '0880']) {
      expect(() => readBits(element(TAG.bitString, bytes(hex)))).toThrow(code('der_malformed'));
    }
    expect(() => readBitBytes(element(TAG.bitString, bytes('0780')))).toThrow(code('der_structure'));
  });

  it('reads named bits without trailing zero bits', () => {
    expect(readNamedBits(element(TAG.bitString, bytes('0106')))).toEqual([5, 6]);
    expect(readNamedBits(element(TAG.bitString, bytes('00')))).toEqual([]);
    expect(() => readNamedBits(element(TAG.bitString, bytes('0680')))).toThrow(code('der_form'));
  });

  it('reads NULL and UTF-8', () => {
    expect(readUtf8(element(TAG.utf8String, utf8('中联')))).toBe('中联');
    expect(() => readUtf8(element(TAG.utf8String, bytes('ff')))).toThrow(code('name_malformed'));
    expect(() => readNull(element(TAG.null, bytes('00')))).toThrow(code('der_structure'));
  });
});

describe('times [RFC5280 §4.1.2.5]', () => {
  const utc = (text: string) => readTime(element(TAG.utcTime, utf8(text)));
  const generalized = (text: string) => readTime(element(TAG.generalizedTime, utf8(text)));

  it('reads UTCTime to 2049 and GeneralizedTime after', () => {
    expect(utc('700101000000Z')).toBe(0);
    expect(utc('000229000000Z')).toBe(Date.UTC(2000, 1, 29) / 1000);
    expect(utc('491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59) / 1000);
    expect(generalized('20500101000000Z')).toBe(Date.UTC(2050, 0, 1) / 1000);
    expect(readGeneralizedTime(element(TAG.generalizedTime, utf8('19700101000001Z')))).toBe(1);
  });

  it.each([
    'without seconds 7001010000Z',
    'with an offset 700101000000+0000',
    'of 30 February 700230000000Z',
    'of 29 February 2001 010229000000Z',
    'of month 13 701301000000Z',
    'of day 0 700100000000Z',
    'of hour 24 700101240000Z',
    'of second 60 700101000060Z',
    'with a letter 70010100000aZ',
    'without Z 700101000000z',
    'of nothing ',
  ])('refuses UTCTime %s', (line) => {
    expect(() => utc(line.slice(line.lastIndexOf(' ') + 1))).toThrow(code('time_form'));
  });

  it('refuses GeneralizedTime before 2050, with milliseconds, or in the short form, and other tags', () => {
    for (const text of ['20490101000000Z', '20500101000000.5Z', '700101000000Z', '00500101000000Z']) {
      expect(() => generalized(text), text).toThrow(code('time_form'));
    }
    expect(() => readTime(element(TAG.octetString, utf8('700101000000Z')))).toThrow(code('time_form'));
    expect(() => readGeneralizedTime(element(TAG.utcTime, utf8('700101000000Z')))).toThrow(code('time_form'));
  });
});
