import { type JsonValue, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBoundedJson } from '../../../src/host/exchange/bounded-json.ts';

const read = (text: string): JsonValue | 'refused' => {
  try {
    return parseBoundedJson(utf8(text));
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return 'refused';
  }
};

describe('bounded JSON, for any value', () => {
  test('agrees with JSON.parse on what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), undefined, indent);
        fc.pre(!written.includes('"__proto__":'));
        expect(read(written)).toEqual(JSON.parse(written));
      }),
    );
  });

  test('refuses any object into which a member was written twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (name, first, second) => {
        const key = JSON.stringify(name);
        expect(read(`[{${key}:${JSON.stringify(first)},${key}:${JSON.stringify(second)}}]`)).toBe('refused');
      }),
    );
  });

  test('no text makes it throw anything but a refusal', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ', '\u00e9', '"a":1');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        (text) => {
          const value = read(text);
          if (value !== 'refused') expect(value).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
