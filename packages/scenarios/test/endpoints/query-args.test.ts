import { describe, expect, test } from 'vitest';
import { queryParameters } from '../../src/endpoints/query-args.ts';
import type { JsonSchema } from '../../src/module/module.ts';
import { INSTANT, integer, list, oneOf, shape, text } from '../../src/module/shapes.ts';

const SCHEMA = shape(
  {
    period: text(9),
    by: oneOf('city', 'type'),
    top: integer(1, 9),
    deep: shape({ a: text(9) }),
    tags: list(text(9), 3),
    on: { type: 'boolean' },
  },
  ['by', 'top', 'deep', 'tags', 'on'],
);
const read = (query: string, schema: JsonSchema = SCHEMA, paged = false) => {
  try {
    return queryParameters(new URLSearchParams(query), { schema, paged });
  } catch (error) {
    const { code, field } = error as { code: string; field: string };
    return `${code} ${field}`;
  }
};

describe('arguments of a query', () => {
  test('texts stay texts; the rest is what JSON says', () => {
    expect(read('period=2026&by=city&top=3&on=true&tags=a&tags=1&deep={"a":"b"}')).toEqual({
      args: { period: '2026', by: 'city', top: 3, on: true, tags: ['a', '1'], deep: { a: 'b' } },
    });
  });

  test('`at` and `as` stand beside them, unless the query has its own', () => {
    expect(read('period=1&at=x&as=y')).toEqual({ args: { period: '1' }, at: 'x', as: 'y' });
    expect(read('at=x', shape({ at: INSTANT }))).toEqual({ args: { at: 'x' } });
  });

  test('`limit` and `after` are those of a list, unless it has its own', () => {
    expect(read('period=1&limit=5&after=x', SCHEMA, true)).toEqual({
      args: { period: '1' },
      limit: '5',
      after: 'x',
    });
    expect(read('limit=5', shape({ limit: integer(1, 9) }), true)).toEqual({ args: { limit: 5 } });
    expect(read('period=1&limit=5')).toBe('invalid_argument /limit');
  });

  test.each([
    ['foo=1', '/foo'],
    ['period=1&period=2', '/period'],
    ['top=x', '/top'],
    ['top=', '/top'],
    ['deep={"a":1,"a":2}', '/deep'],
    ['at=1&at=2', '/at'],
    ['a/b~c=1', '/a~1b~0c'],
    ['__proto__=1', '/__proto__'],
  ])('refuses %s', (query, field) => {
    expect(read(query)).toBe(`invalid_argument ${field}`);
  });
});
