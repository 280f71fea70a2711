import { deflateSync } from 'node:zlib';
import { toBase64url } from '@attestel/core';
import {
  createStatusList,
  decodeStatusList,
  encodeStatusList,
  getStatus,
  type StatusBits,
  setStatus,
} from '@attestel/credentials';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../fixtures.ts';

const codeOf = (encoded: unknown, maxBytes?: number) => refusalOf(() => decodeStatusList(encoded, maxBytes));
const lst = (bytes: Uint8Array) => toBase64url(deflateSync(bytes));

describe('status list', () => {
  test('packs entries from the lowest bits of each byte [Token Status List §4.1]', () => {
    const one = createStatusList({ size: 16, bits: 1 });
    [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1].forEach((status, i) => {
      setStatus(one, i, status);
    });
    expect([...one.bytes]).toEqual([0xb9, 0xa3]);
    const two = createStatusList({ size: 12, bits: 2 });
    [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].forEach((status, i) => {
      setStatus(two, i, status);
    });
    expect([...two.bytes]).toEqual([0xc9, 0x44, 0xf9]);
  });

  test('reads back what was set, for every width', () => {
    const bits = fc.constantFrom<StatusBits>(1, 2, 4, 8);
    const changes = fc.array(fc.tuple(fc.nat(999), fc.nat(255)), { maxLength: 60 });
    fc.assert(
      fc.property(bits, changes, (width, list) => {
        const statuses = createStatusList({ size: 1000, bits: width });
        const expected = new Map<number, number>();
        for (const [index, value] of list) {
          setStatus(statuses, index, value % 2 ** width);
          expected.set(index, value % 2 ** width);
        }
        const decoded = decodeStatusList(encodeStatusList(statuses));
        for (let i = 0; i < 1000; i++) expect(getStatus(decoded, i)).toBe(expected.get(i) ?? 0);
      }),
      { numRuns: 40 },
    );
  });

  test('an index outside and a value too wide are errors of the caller', () => {
    const list = createStatusList({ size: 8 });
    for (const index of [-1, 8, 1.5, Number.NaN]) expect(() => getStatus(list, index)).toThrow(RangeError);
    for (const value of [-1, 4, 0.5]) expect(() => setStatus(list, 0, value)).toThrow(RangeError);
    for (const size of [0, -1, 1.5, 2 ** 40]) expect(() => createStatusList({ size })).toThrow(TypeError);
  });

  test.each([
    ['no object', null],
    ['no width', { lst: lst(new Uint8Array(1)) }],
    ['an odd width', { bits: 3, lst: lst(new Uint8Array(1)) }],
    ['a width in text', { bits: '2', lst: lst(new Uint8Array(1)) }],
    ['no list', { bits: 2 }],
    ['an empty list', { bits: 2, lst: '' }],
    ['a list of no entries', { bits: 2, lst: lst(new Uint8Array(0)) }],
    ['what is no ZLIB', { bits: 2, lst: toBase64url(new Uint8Array(30)) }],
    ['a truncated stream', { bits: 2, lst: lst(new Uint8Array(1000).fill(7)).slice(0, 12) }],
    [
      'a stream with a wrong checksum',
      { bits: 2, lst: toBase64url(withLastByteChanged(deflateSync(Buffer.from('ab')))) },
    ],
    [
      'bytes behind the stream',
      { bits: 2, lst: toBase64url(Buffer.concat([deflateSync(Buffer.from('ab')), Buffer.from('x')])) },
    ],
  ])('refuses %s', async (_, encoded) => {
    expect(await codeOf(encoded)).toBe('status_list_malformed');
  });

  test('refuses base64url that is not strict', async () => {
    expect(await codeOf({ bits: 2, lst: `${lst(new Uint8Array(3))}=` })).toBe('base64url_invalid');
  });

  test('stops inflating at the bound: a small token cannot fill the memory', async () => {
    const bomb = { bits: 1, lst: lst(new Uint8Array(9 * 1024 * 1024)) };
    expect(bomb.lst.length).toBeLessThan(16_000);
    expect(await codeOf(bomb)).toBe('status_list_too_large');
    expect(await codeOf({ bits: 1, lst: lst(new Uint8Array(101)) }, 100)).toBe('status_list_too_large');
    expect(await codeOf({ bits: 1, lst: lst(new Uint8Array(100)) }, 100)).toBe('accepted');
  });
});

function withLastByteChanged(bytes: Buffer): Buffer {
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  return bytes;
}
