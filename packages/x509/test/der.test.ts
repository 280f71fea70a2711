import { concatBytes, fromHex, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { elementsOf, readBits, readDer, readInteger, readOid, readTime, readTrue, TAG } from '../src/der.ts';

const element = (tag: number, content: Uint8Array) =>
  readDer(concatBytes(Uint8Array.of(tag, content.length), content), tag);
const malformed = expect.objectContaining({ code: 'certificate_malformed' });
const bytes = fromHex;

describe('strict DER [X.690 §8, §10, §11]', () => {
  it.each([
    ['nothing', ''],
    ['tag alone', '04'],
    ['content missing', '0402ff'],
    ['trailing byte', '040100ff'],
    ['other tag', '020101'],
    ['indefinite length', '0480000000'],
    ['long form for a short length', '04810100'],
    ['leading zero in the length', '0482008000'],
    ['length beyond three bytes', '048401000000'],
    ['high tag number', '1f0100'],
  ])('refuses %s', (_, hex) => {
    expect(() => readDer(bytes(hex), TAG.octetString)).toThrow(malformed);
  });

  it('reads long lengths', () => {
    const content = new Uint8Array(300).fill(7);
    expect(readDer(concatBytes(bytes('0482012c'), content), TAG.octetString).content).toEqual(content);
  });

  it('splits constructed content into its elements', () => {
    expect(elementsOf(bytes('0201010403aabbcc')).map((e) => e.tag)).toEqual([0x02, 0x04]);
    expect(() => elementsOf(bytes('02010104'))).toThrow(malformed);
  });

  it('reads TRUE as ff only and never FALSE', () => {
    expect(readTrue(element(TAG.boolean, bytes('ff')))).toBe(true);
    for (const hex of ['00', '01', '', 'ffff']) {
      expect(() => readTrue(element(TAG.boolean, bytes(hex)))).toThrow(malformed);
    }
  });

  it('reads integers in their shortest form only', () => {
    for (const hex of ['00', '7f', '0080', '80', 'ff7f']) {
      expect(readInteger(element(TAG.integer, bytes(hex)))).toEqual(bytes(hex));
    }
    for (const hex of ['', '0001', '007f', 'ff80', 'ffff']) {
      expect(() => readInteger(element(TAG.integer, bytes(hex)))).toThrow(malformed);
    }
  });

  it('reads object identifiers', () => {
    expect(readOid(element(TAG.oid, bytes('2a8648ce3d0301 07'.replace(' ', ''))))).toBe(
      '1.2.840.10045.3.1.7',
    );
    expect(readOid(element(TAG.oid, bytes('883703')))).toBe('2.999.3');
    for (const hex of ['', '80', '2a80', '2a8001', '2affffffffffffffff7f']) {
      expect(() => readOid(element(TAG.oid, bytes(hex)))).toThrow(malformed);
    }
  });

  it('reads bit strings whose unused bits are zero', () => {
    expect(readBits(element(TAG.bitString, bytes('0780')))).toEqual({ bytes: bytes('80'), unused: 7 });
    for (const hex of ['', '01', '0880', '07c0']) {
      expect(() => readBits(element(TAG.bitString, bytes(hex)))).toThrow(malformed);
    }
  });

  it('reads times as RFC 5280 §4.1.2.5 writes them', () => {
    const utc = (text: string) => readTime(element(TAG.utcTime, utf8(text)));
    const generalized = (text: string) => readTime(element(TAG.generalizedTime, utf8(text)));
    expect(utc('700101000000Z')).toBe(0);
    expect(utc('491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59) / 1000);
    expect(generalized('20500101000000Z')).toBe(Date.UTC(2050, 0, 1) / 1000);
    for (const text of [
      '7001010000Z',
      '700101000000+0000',
      '700230000000Z',
      '701301000000Z',
      '700101240000Z',
      '700101000060Z',
      '',
    ]) {
      expect(() => utc(text), text).toThrow(malformed);
    }
    for (const text of ['20490101000000Z', '20500101000000.5Z', '700101000000Z']) {
      expect(() => generalized(text), text).toThrow(malformed);
    }
    expect(() => readTime(element(TAG.octetString, utf8('700101000000Z')))).toThrow(malformed);
  });

  it('answers any bytes with an AppError, never with another failure', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, framed) => {
        const body = framed ? concatBytes(Uint8Array.of(0x30, 0x81, noise.length), noise) : noise;
        expect(() => parseCertificate(body)).toThrow(expect.objectContaining({ name: 'AppError' }));
      }),
    );
  });
});
