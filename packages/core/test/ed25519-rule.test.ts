import { expect, test } from 'vitest';
import { fromHex, isStrictEd25519Key } from '../src/index.ts';

// RFC 8032 §7.1, test 1.
const KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

test.each([
  [KEY, true],
  ['00'.repeat(32), false], // order 4
  [`01${'00'.repeat(31)}`, false], // the identity: any S with R = S·B passes
  [`01${'00'.repeat(30)}80`, false], // the same with the sign of x set
  ['ff'.repeat(32), false], // y ≥ p: a second spelling
  [KEY.slice(2), false],
  [`${KEY}00`, false],
])('key %s is strict: %s', (key, strict) => {
  expect(isStrictEd25519Key(fromHex(key))).toBe(strict);
});

test('what is asked about stays as it is, a Buffer too', () => {
  const key = Buffer.from(`${KEY.slice(0, 62)}9a`, 'hex'); // the sign bit is set
  const before = key.toString('hex');
  isStrictEd25519Key(key);
  expect(key.toString('hex')).toBe(before);
});
