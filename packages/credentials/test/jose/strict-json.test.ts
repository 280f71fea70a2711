import { describe, expect, test } from 'vitest';
import { parseStrictJson, parseStrictObject } from '../../src/jose/strict-json.ts';
import { LIMITS } from '../../src/limits.ts';
import { refusalOf } from '../fixtures.ts';

const codeOf = (text: string) => refusalOf(() => parseStrictJson(text));

describe('strict JSON', () => {
  test.each([
    ['{"a":1,"a":2}'],
    ['{"a":1,"\\u0061":2}'],
    ['[{"x":{"a":1,"b":2,"a":3}}]'],
    ['{"a\\"":1,"a\\"":1}'],
    ['{"":1,"":1}'],
    ['{"\\\\":1,"\\\\":2}'],
  ])('refuses a name that stands twice in one object: %s', async (text) => {
    expect(await codeOf(text)).toBe('json_duplicate_member');
  });

  test.each([
    ['{"a":{"a":1},"b":{"a":1}}'],
    ['{"a":":,:{[\\":","b":"}]"}'],
    ['{"a\\\\":":","b":"\\\\"}'],
    ['"a:b"'],
    ['[1e3,-0.5,true,null,"\\u00e9"]'],
  ])('accepts %s as JSON.parse does', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['{"a":1'],
    ['{"a:1}'],
    ["{'a':1}"],
    ['{"a":1,}'],
    ['NaN'],
    [''],
    ['\ufeff{}'],
    ['{"a":"\u0001"}'],
  ])('refuses what is not JSON: %j', async (text) => {
    expect(await codeOf(text)).toBe('json_invalid');
  });

  test('refuses a member named __proto__, however it is written', async () => {
    expect(await codeOf('{"__proto__":1}')).toBe('json_forbidden_member');
    expect(await codeOf('{"a":[{"\\u005f_proto__":1}]}')).toBe('json_forbidden_member');
  });

  test('bounds nesting and items', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(await codeOf(nested(LIMITS.jsonDepth))).toBe('accepted');
    expect(await codeOf(nested(LIMITS.jsonDepth + 1))).toBe('json_too_complex');
    expect(await codeOf(nested(100_000))).toBe('json_too_complex');
    expect(await codeOf(`[${'1,'.repeat(LIMITS.jsonItems + 1)}1]`)).toBe('json_too_complex');
  });

  test.each([['[]'], ['"x"'], ['null'], ['1']])('a claims set must be an object: %s', async (text) => {
    expect(await refusalOf(() => parseStrictObject(text))).toBe('json_not_object');
  });

  test('an error never quotes the input', async () => {
    const secret = '+990123456789';
    const error = await Promise.resolve()
      .then(() => parseStrictJson(`{"phone_number":"${secret}"`))
      .catch((e: Error) => e);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
  });
});
