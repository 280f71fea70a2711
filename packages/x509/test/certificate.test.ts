import { type Bytes, concatBytes, fromHex, toHex } from '@attestel/core';
import { parseLeaf } from '@attestel/x509';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { elementsOf, readDer, TAG } from '../src/der.ts';
import { parseExtensions } from '../src/extensions.ts';
import { issue } from './fixtures.ts';

let leaf: Bytes;
beforeAll(async () => {
  leaf = (await issue()).leaf;
});

/** The certificate with the first occurrence of some bytes replaced by as many others. */
function patched(from: string, to: string): Bytes {
  const hex = toHex(leaf);
  expect(hex).toContain(from);
  return fromHex(hex.replace(from, to));
}

const tlv = (tag: number, ...parts: Bytes[]): Bytes => {
  const content = concatBytes(...parts);
  return concatBytes(Uint8Array.of(tag, content.length), content);
};
const extension = (oidHex: string, value: string, critical = '0101ff'): Bytes =>
  tlv(0x30, fromHex(oidHex), fromHex(critical), tlv(0x04, fromHex(value)));
const parse = (...extensions: Bytes[]) =>
  parseExtensions(readDer(tlv(TAG.context3, tlv(0x30, ...extensions)), TAG.context3));

const malformed = expect.objectContaining({ code: 'certificate_malformed' });
const unsupported = expect.objectContaining({ code: 'certificate_unsupported' });
const BASIC = '0603551d13';
const USAGE = '0603551d0f';
const SAN = '0603551d11';

describe('certificate parsing [RFC5280 §4.1]', () => {
  it('refuses versions other than 3', () => {
    expect(() => parseLeaf(patched('a003020102', 'a003020101'))).toThrow(unsupported);
  });

  it('refuses inner and outer signature algorithms that differ [RFC5280 §4.1.1.2]', () => {
    expect(() => parseLeaf(patched('06082a8648ce3d040302', '06082a8648ce3d040303'))).toThrow(malformed);
  });

  it('refuses other curves and compressed or foreign points', () => {
    expect(() => parseLeaf(patched('06082a8648ce3d030107', '06082a8648ce3d030106'))).toThrow(unsupported);
    expect(() => parseLeaf(patched('03420004', '03420005'))).toThrow(unsupported);
    const spki = elementsOf(
      (elementsOf(readDer(leaf, TAG.sequence).content)[0] as { content: Bytes }).content,
    )[6];
    const point = toHex((spki as { bytes: Bytes }).bytes).slice(-64);
    expect(() => parseLeaf(patched(point, 'ff'.repeat(32)))).toThrow(malformed);
  });

  it('answers any single replaced byte with the certificate or an AppError', () => {
    fc.assert(
      fc.property(fc.nat(leaf.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bad = leaf.slice();
        bad[at] = byte;
        try {
          parseLeaf(bad);
        } catch (error) {
          expect(error).toMatchObject({ name: 'AppError' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('extensions [RFC5280 §4.2]', () => {
  it('reads absent extensions as absent', () => {
    const expected = { ca: false, keyUsage: null, sanUris: [], subjectKeyId: null, unknownCritical: [] };
    expect(parseExtensions(undefined)).toMatchObject(expected);
  });

  it('refuses an extension that occurs twice', () => {
    expect(() => parse(extension(BASIC, '3000'), extension(BASIC, '3000'))).toThrow(malformed);
  });

  it.each([
    ['FALSE written out', BASIC, '3003010100'],
    ['path length without CA', BASIC, '3003020100'],
    ['negative path length', BASIC, '30060101ff0201ff'],
    ['something after it', BASIC, '30020500'],
    ['key usage with trailing zero bits', USAGE, '03020680'],
    ['key usage that is no bit string', USAGE, '040107'],
    ['control character in a name', SAN, '3003860100'],
    ['non-ASCII in a name', SAN, '30048602c3a9'],
  ])('refuses basic constraints, key usage or names in another form: %s', (_, oid, value) => {
    expect(() => parse(extension(oid, value))).toThrow(malformed);
  });

  it('refuses critical FALSE written out and a missing value', () => {
    expect(() => parse(extension(BASIC, '3000', '010100'))).toThrow(malformed);
    expect(() => parse(tlv(0x30, fromHex(BASIC)))).toThrow(malformed);
    expect(() => parse(tlv(0x04))).toThrow(malformed);
  });

  it('passes over kinds of names it does not use', () => {
    expect(parse(extension(SAN, '300a 8201 61 8105 6240632e64'.replaceAll(' ', ''))).sanDnsNames).toEqual([
      'a',
    ]);
  });

  it('passes over an authority key identifier without key id', () => {
    expect(parse(extension('0603551d23', '3000')).authorityKeyId).toBeNull();
  });
});
