import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../../src/jose/strict-json.ts';
import { refusalOf } from '../fixtures.ts';

const hasProto = (text: string): boolean => /"__proto__"\s*:/.test(text);

describe('strict JSON, for any value', () => {
  test('agrees with JSON.parse on what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), undefined, indent);
        fc.pre(!hasProto(written));
        expect(parseStrictJson(written)).toEqual(JSON.parse(written));
      }),
    );
  });

  test('refuses any object into which a member was written twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 }),
        async (object) => {
          const text = JSON.stringify(object);
          fc.pre(!hasProto(text));
          const name = JSON.stringify(Object.keys(object)[0]);
          expect(await refusalOf(() => parseStrictJson(`{${name}:0,${text.slice(1)}`))).toBe(
            'json_duplicate_member',
          );
        },
      ),
    );
  });
});
