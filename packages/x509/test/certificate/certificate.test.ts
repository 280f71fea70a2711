import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Bytes, concatBytes, fromHex, toHex } from '@attestel/core';
import { der, extension, parseCertificate, writeExtension } from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { authority, issued, keyPair } from '../chains.ts';

const code = (name: string, field?: string) =>
  expect.objectContaining({ name: 'AppError', code: name, ...(field && { field }) });
const root = authority('Root');
const good = issued(root, { extensions: [extension.basicConstraints({ ca: false })] });

/** The certificate with the first occurrence of some bytes replaced by as many others. */
function patched(from: string, to: string): Bytes {
  expect(toHex(good)).toContain(from);
  return fromHex(toHex(good).replace(from, to));
}

const withExtension =
  (...extensions: Bytes[]) =>
  () =>
    parseCertificate(issued(root, { extensions }));

describe('certificate parsing [RFC5280 §4.1]', () => {
  it('reads what was written', () => {
    const parsed = parseCertificate(good);
    expect(parsed.issuer).toEqual(parseCertificate(root.certificate).subject);
    expect(parsed.signatureAlgorithm).toBe('ecdsa-sha256');
    expect(parsed.key).toMatchObject({ kind: 'EC', curve: 'P-256' });
    expect(parsed.extensions.all).toHaveLength(1);
  });

  it('keeps its own copy of the bytes', () => {
    const source = Buffer.from(good);
    const parsed = parseCertificate(source);
    source.fill(0);
    expect(parsed.der).toEqual(new Uint8Array(good));
  });

  it('refuses versions other than 3', () => {
    expect(() => parseCertificate(patched('a003020102', 'a003020101'))).toThrow(code('certificate_version'));
  });

  it('refuses inner and outer signature algorithms that differ [RFC5280 §4.1.1.2]', () => {
    expect(() => parseCertificate(patched('06082a8648ce3d040302', '06082a8648ce3d040303'))).toThrow(
      code('certificate_algorithms_differ'),
    );
  });

  it('refuses other curves, compressed points and points beside the curve', () => {
    expect(() => parseCertificate(patched('06082a8648ce3d030107', '06082a8648ce3d030106'))).toThrow(
      code('key_unsupported'),
    );
    expect(() => parseCertificate(patched('03420004', '03420003'))).toThrow(code('key_unsupported'));
    const point = toHex(parseCertificate(good).spki).slice(-64);
    expect(() => parseCertificate(patched(point, 'ff'.repeat(32)))).toThrow(code('key_malformed'));
    expect(() => parseCertificate(patched(point, '01'.repeat(32)))).toThrow(code('key_malformed'));
  });

  it('refuses serial numbers that are negative, zero or over 20 octets [RFC5280 §4.1.2.2]', () => {
    const serial = (content: string) => () =>
      parseCertificate(issued(root, { rawSerial: der.element(0x02, fromHex(content)) }));
    expect(serial('7f'.padEnd(40, '0'))).not.toThrow();
    for (const negative of ['80', 'ff', '00']) expect(serial(negative)).toThrow(code('serial_negative'));
    expect(serial('7f'.padEnd(42, '0'))).toThrow(code('serial_too_long'));
    expect(serial('0001')).toThrow(code('der_form'));
  });

  it('refuses times in another form [RFC5280 §4.1.2.5]', () => {
    const early = der.generalizedTime(1_800_000_000);
    expect(() => parseCertificate(issued(root, { rawNotBefore: early }))).toThrow(code('time_form'));
    const fraction = der.element(0x18, Buffer.from('20500101000000.602Z'));
    expect(() => parseCertificate(issued(root, { rawNotBefore: fraction }))).toThrow(code('time_form'));
  });

  it('refuses more than 20 KiB, trailing bytes and truncation', () => {
    const padding = writeExtension('1.3.6.1.4.1.99999.1', false, new Uint8Array(20_480));
    expect(withExtension(padding)).toThrow(code('certificate_too_large'));
    expect(() => parseCertificate(concatBytes(good, Uint8Array.of(0)))).toThrow(code('der_trailing'));
    expect(() => parseCertificate(good.slice(0, -1))).toThrow(code('der_malformed'));
  });

  it('refuses SHA-1 and MD5 as such and other algorithms as unknown', () => {
    const signed = (oid: string) => () =>
      parseCertificate(issued(root, { rawAlgorithm: der.sequence(der.oid(oid), der.null()) }));
    for (const oid of ['1.2.840.113549.1.1.5', '1.2.840.113549.1.1.4', '1.2.840.10045.4.1']) {
      expect(signed(oid)).toThrow(code('algorithm_refused'));
    }
    expect(signed('1.2.840.10045.4.3.1')).toThrow(code('algorithm_unsupported'));
    expect(signed('1.2.840.10045.4.3.2')).toThrow(code('der_trailing'));
  });

  it('refuses RSA keys under 2048 and over 4096 bits', () => {
    const holding = (publicKey: KeyObject) => () =>
      parseCertificate(issued(root, { spki: publicKey.export({ format: 'der', type: 'spki' }) }));
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(holding(small.publicKey)).toThrow(code('key_too_small'));
    expect(holding(keyPair('RSA').publicKey)).not.toThrow();
    const modulus = der.integer(new Uint8Array(513).fill(0xff));
    const numbers = der.sequence(modulus, der.integer(65_537));
    const algorithm = der.sequence(der.oid('1.2.840.113549.1.1.1'), der.null());
    const large = der.sequence(algorithm, der.bitString(numbers));
    expect(() => parseCertificate(issued(root, { spki: large }))).toThrow(code('key_too_large'));
  });

  it('refuses RSA exponents of 1, even or long', () => {
    for (const exponent of [der.integer(1), der.integer(4), der.integer(new Uint8Array(5).fill(0xff))]) {
      const numbers = der.sequence(der.integer(new Uint8Array(256).fill(0xff)), exponent);
      const algorithm = der.sequence(der.oid('1.2.840.113549.1.1.1'), der.null());
      const spki = der.sequence(algorithm, der.bitString(numbers));
      expect(() => parseCertificate(issued(root, { spki }))).toThrow(code('key_malformed'));
    }
  });

  it('refuses an extension that occurs twice', () => {
    const once = extension.basicConstraints({ ca: false });
    expect(withExtension(once, once)).toThrow(code('extension_duplicate'));
  });

  it('keeps unknown extensions with their criticality', () => {
    const parsed = withExtension(
      writeExtension('1.3.6.1.4.1.99999.1', true, fromHex('0500')),
      writeExtension('1.3.6.1.4.1.99999.2', false, fromHex('0500')),
    )();
    expect(parsed.extensions.unknownCritical).toEqual(['1.3.6.1.4.1.99999.1']);
    expect(parsed.extensions.all.map((e) => e.critical)).toEqual([true, false]);
  });
});
