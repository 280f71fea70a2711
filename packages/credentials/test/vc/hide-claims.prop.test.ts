import { createHash } from 'node:crypto';
import { type JsonValue, systemRandom } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimHider } from '../../src/vc/hide-claims.ts';

const name = fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `claim ${text}`);
const claims = fc.dictionary(name, fc.jsonValue(), { maxKeys: 20 }) as fc.Arbitrary<
  Record<string, JsonValue>
>;
const decode = (disclosure: string): unknown[] =>
  JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as unknown[];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

describe('hiding claims', () => {
  test('a disclosure is the base64url form of salt, name and value, whatever they are', () => {
    fc.assert(
      fc.property(claims, (wanted) => {
        const { disclosures } = claimHider({ claims: wanted, random: systemRandom, decoys: 0, copies: 1 })();
        const parts = disclosures.map(decode);
        expect(parts.map(([, key, value]) => [key, value])).toEqual(
          Object.entries(wanted).map(([key, value]) => [key, JSON.parse(JSON.stringify(value))]),
        );
        disclosures.forEach((disclosure, i) => {
          expect(parts[i]?.[0]).toMatch(/^[A-Za-z0-9_-]{21}[AQgw]$/);
          expect(Buffer.from(JSON.stringify(parts[i])).toString('base64url')).toBe(disclosure);
        });
      }),
    );
  });

  test('digests are those of the disclosures and as many decoys as asked, sorted', () => {
    fc.assert(
      fc.property(claims, fc.nat(5), (wanted, decoys) => {
        const hidden = claimHider({ claims: wanted, random: systemRandom, decoys, copies: 1 })();
        expect(hidden.digests).toHaveLength(hidden.disclosures.length + decoys);
        expect(hidden.digests).toEqual(expect.arrayContaining(hidden.disclosures.map(sha256)));
        expect(hidden.digests).toEqual([...new Set(hidden.digests)].sort());
      }),
    );
  });

  test('no salt comes twice in a batch, also not where random bytes are drawn several times', () => {
    const sizes: number[] = [];
    const random = {
      bytes: (length: number) => {
        sizes.push(length);
        return systemRandom.bytes(length);
      },
    };
    const wanted = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`claim ${i}`, i]));
    const hide = claimHider({ claims: wanted, random, decoys: 1, copies: 25 });
    const salts = Array.from({ length: 25 }, hide).flatMap(({ disclosures }) =>
      disclosures.map((disclosure) => decode(disclosure)[0]),
    );
    expect(new Set(salts).size).toBe(2500);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536); // more than Web Crypto gives at once
  });

  test('more copies than announced get fresh salts all the same', () => {
    const hide = claimHider({ claims: { country: 'ZZ' }, random: systemRandom, decoys: 2, copies: 1 });
    const digests = Array.from({ length: 5 }, hide).flatMap((hidden) => hidden.digests);
    expect(new Set(digests).size).toBe(15);
  });
});
