import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256, toHex, utf8 } from '../src/index.ts';

const nodeHash = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

it('gives the digests of FIPS 180-4', () => {
  expect(toHex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(toHex(sha256(new Uint8Array()))).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});

it('is what Node computes, around every block border', () => {
  for (let length = 0; length < 200; length++) {
    const data = new Uint8Array(length).fill(length);
    expect(toHex(sha256(data))).toBe(nodeHash(data));
  }
});

it('is what Node computes for any bytes, also in a view', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), fc.nat(20), (data, skip) => {
      const view = data.subarray(Math.min(skip, data.length));
      expect(toHex(sha256(view))).toBe(nodeHash(view));
    }),
  );
});
