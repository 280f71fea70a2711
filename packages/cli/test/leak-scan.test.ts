import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createScanner, handleSecret, nameSecret, numberSecret, type Secret } from './harness/leak-scan.ts';

const HANDLE = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64url');
const secrets = [
  numberSecret('number', '+99910001123456'),
  nameSecret('name', 'Qingyue Yun'),
  nameSecret('Chinese name', '云清越'),
  handleSecret('handle', HANDLE),
];
const scan = createScanner(secrets);

describe('the search for leaks', () => {
  it.each(secrets.flatMap(({ label, forms }) => forms.map((form) => [label, form.name, form] as const)))(
    'finds a %s written as %s',
    (label, name, { bytes }) => {
      const planted = Buffer.concat([randomBytes(1000), bytes, randomBytes(1000)]);
      expect(scan(planted)).toContainEqual({ label, form: name });
    },
  );

  it.each([0, 1, 2, 3, 4, 5])('finds what stands %i bytes into the payload of a JWT', (before) => {
    const found = (value: string) =>
      scan(Buffer.from(Buffer.from(`${'x'.repeat(before)}${value} and more`).toString('base64url')));
    expect(found('+99910001123456')).not.toEqual([]);
    expect(found('云清越')).not.toEqual([]);
    expect(found(HANDLE)).not.toEqual([]);
  });

  it('finds what stands at the very end and nothing in noise', () => {
    expect(scan(Buffer.from('tel 99910001123456'))).toContainEqual({ label: 'number', form: 'digits' });
    expect(scan(randomBytes(4_000_000))).toEqual([]);
  });

  it('refuses to look for something so short that noise would match', () => {
    const short: Secret = { label: 'short', forms: [{ name: 'text', bytes: Buffer.from('abc') }] };
    expect(() => createScanner([short])).toThrow(TypeError);
  });
});
