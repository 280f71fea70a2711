import { sha256, toBase64, toHex, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { deviceOfFile, deviceOfFragment, deviceOfText } from '../../src/installer/check/read-device.ts';

const HASH = 'ab'.repeat(32);
/** SEQUENCE with two serialNumber attributes, the issuer's and the subject's: no certificate, but hashed all the same. */
const DER = Uint8Array.from([
  0x30, 24, 0x06, 3, 0x55, 0x04, 0x05, 0x13, 3, 0x43, 0x41, 0x31, 0x06, 3, 0x55, 0x04, 0x05, 0x0c, 6, 0x41,
  0x43, 0x2d, 0x30, 0x30, 0x37,
]);
const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${toBase64(der).replace(/.{16}/g, '$&\r\n')}\n-----END CERTIFICATE-----\n`;

describe('what names a device', () => {
  it.each([
    [
      'a link to the page with serial and hash',
      `https://node.example/installer#AC5G-000001.${HASH}`,
      'AC5G-000001',
    ],
    ['a link with the hash alone', `https://NODE.example/installer#${HASH}`, null],
    [
      'a gateway’s link',
      `https://node.example/installer#segw1.mnc001.example.${HASH}`,
      'segw1.mnc001.example',
    ],
    ['a link of another form', `https://node.example/x/${HASH}`, null],
    ['serial and hash', `AC5G-000001 ${HASH}`, 'AC5G-000001'],
    ['a hash in capital letters', HASH.toUpperCase(), null],
  ])('%s', (_, text, name) => {
    expect(deviceOfText(text)).toEqual({ hash: HASH, name });
  });

  it.each([
    ['PEM text', () => deviceOfText(pem(DER))],
    ['a PEM file', () => deviceOfFile(utf8(pem(DER)))],
    ['a DER file', () => deviceOfFile(DER)],
  ])('%s, by the hash of its bytes, with the serial of its subject', (_, read) => {
    expect(read()).toEqual({ hash: toHex(sha256(DER)), name: 'AC-007' });
  });

  it.each([
    ['nothing', ''],
    ['a serial alone', 'AC5G-000001'],
    ['a hash that is too short', HASH.slice(1)],
    ['a hash inside a longer number', `${HASH}00`],
    ['PEM with something else in it', '-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----'],
    ['a text without end', HASH.repeat(1000)],
  ])('%s is none', (_, text) => {
    expect(deviceOfText(text)).toBeUndefined();
    expect(deviceOfFile(utf8(text))).toBeUndefined();
  });

  it('the fragment of a link is read encoded or not, and a broken one is none', () => {
    expect(deviceOfFragment(`#Cell%20${HASH}`)).toEqual({ hash: HASH, name: 'Cell' });
    expect(deviceOfFragment('#%')).toBeUndefined();
  });

  it('a file of a gigabyte is not read, and one that is no text is none', () => {
    expect(deviceOfFile(new Uint8Array(100_000).fill(0x30))).toBeUndefined();
    expect(deviceOfFile(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
  });
});
