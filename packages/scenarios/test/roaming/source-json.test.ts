import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSourceJson } from '../../src/roaming/bwrp/read-source-json.ts';

describe('readSourceJson', () => {
  it('keeps the digits of a number as they stand', () => {
    expect(readSourceJson('{"usage": 0.1000000000000000055511151231257827, "n": [-0, 1e2]}')).toEqual({
      usage: '0.1000000000000000055511151231257827',
      n: ['-0', '1e2'],
    });
  });

  it('reads what JSON.parse reads, but for numbers', () => {
    const withoutNumbers = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(withoutNumbers, (value) => {
        const text = JSON.stringify(value, null, 1);
        fc.pre(!text.includes('"__proto__":'));
        expect(readSourceJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['json-repeated-member', '{"a": 1, "a": 2}'],
    ['json-repeated-member', '{"a": 1, "\\u0061": 2}'],
    ['json', '{"a": 01}'],
    ['json', '[1, ]'],
    ['json', '{} {}'],
    ['json', ''],
    ['json', '[1'],
    ['json', '{"a" 1}'],
    ['json', '.5'],
    ['json', 'NaN'],
    ['json', '{a: 1}'],
    ['json', '"\\ud800"'],
    ['json', '"\\x41"'],
    ['json', '"a\nb"'],
    ['json', '"a'],
    ['json-forbidden-member', '{"__proto__": 1}'],
    ['json-depth', '['.repeat(40)],
  ])('refuses with rule %s: %s', (rule, text) => {
    expect(() => readSourceJson(text)).toThrow(
      expect.objectContaining({ kind: 'bad-input', extra: expect.objectContaining({ rule }) }),
    );
  });
});
