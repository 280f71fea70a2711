import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson, parseStrictJsonSource, StrictJsonError } from '../src/strict-json.ts';

const LIMITS = { depth: 48 };
const named = (text: string): boolean => /"__proto__"\s*:/.test(text);

const faultOf = (parse: () => unknown): string => {
  try {
    parse();
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(StrictJsonError);
    return (error as StrictJsonError).fault;
  }
};

describe('strict JSON, for any value', () => {
  test('agrees with JSON.parse on what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), undefined, indent);
        fc.pre(!named(written));
        expect(parseStrictJson(written, LIMITS)).toEqual(JSON.parse(written));
      }),
    );
  });

  test('refuses any object into which a member was written twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (name, first, second) => {
        fc.pre(name !== '__proto__');
        const key = JSON.stringify(name);
        const text = `[{${key}:${JSON.stringify(first)},${key}:${JSON.stringify(second)}}]`;
        fc.pre(!named(text));
        expect(faultOf(() => parseStrictJson(text, LIMITS))).toBe('duplicate_member');
      }),
    );
  });

  test('no text makes it throw anything but a refusal, and what it accepts is what JSON.parse reads', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ', '\u00e9', '"a":1');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        (text) => {
          if (faultOf(() => parseStrictJson(text, LIMITS)) === 'accepted') {
            expect(parseStrictJson(text, LIMITS)).toEqual(JSON.parse(text));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('with sources, every number is its own text and all else as without', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?$/);
    fc.assert(
      fc.property(fc.array(digits, { maxLength: 5 }), (numbers) => {
        expect(parseStrictJsonSource(`{"n":[${numbers.join()}],"t":true}`, LIMITS)).toEqual({
          n: numbers,
          t: true,
        });
      }),
    );
  });

  test('bounds depth, and items where it is told to', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(faultOf(() => parseStrictJson(nested(48), LIMITS))).toBe('accepted');
    expect(faultOf(() => parseStrictJson(nested(49), LIMITS))).toBe('too_complex');
    expect(faultOf(() => parseStrictJson('[1,1,1]', { depth: 1, items: 1 }))).toBe('too_complex');
  });
});
