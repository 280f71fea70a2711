import type { JsonValue } from '@attestel/core';
import fc from 'fast-check';
import type { JsonSchema } from '../../src/module/module.ts';

const FORMATS: { readonly [format: string]: string } = {
  date: '2026-12-01',
  'date-time': '2026-12-01T00:00:00Z',
  duration: 'P1D',
  email: 'someone@example.org',
  ipv4: '203.0.113.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.org/',
};

/** A value that a schema of this package accepts: every property is there, lists have an item. */
export function sampleOf(schema: JsonSchema): JsonValue {
  const {
    type,
    enum: choices,
    anyOf,
    oneOf,
    properties = {},
    items,
    pattern,
    minimum = 0,
    minItems = 1,
  } = schema;
  if ('const' in schema) return schema.const as JsonValue;
  if (Array.isArray(choices)) return choices[0] as JsonValue;
  const either = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  if (either) return sampleOf(either[0] as JsonSchema);
  const kind = Array.isArray(type) ? type[0] : type;
  if (kind === 'object')
    return Object.fromEntries(
      Object.entries(properties as object).map(([name, of]) => [name, sampleOf(of as JsonSchema)]),
    );
  if (kind === 'array')
    return Array.from({ length: Math.max(1, minItems as number) }, () =>
      sampleOf((items ?? {}) as JsonSchema),
    );
  if (kind === 'integer' || kind === 'number') return minimum as number;
  if (kind === 'boolean') return true;
  if (kind === 'null') return null;
  if (typeof schema.format === 'string') return FORMATS[schema.format] ?? '';
  if (typeof pattern === 'string')
    return fc.sample(fc.stringMatching(new RegExp(pattern, 'u')), { numRuns: 1, seed: 1 })[0] as string;
  return 'x'.repeat(Math.max(1, (schema.minLength as number | undefined) ?? 1));
}

export interface Intruded {
  /** JSON pointer to the property that does not belong there. */
  readonly pointer: string;
  readonly value: JsonValue;
}

/** The value once for each object in it, with one property too many in that object. */
export function intruded(value: JsonValue, name = 'intruder'): readonly Intruded[] {
  return placesOf(value).map((path) => {
    const copy = structuredClone(value) as JsonValue;
    let at = copy as Record<string, JsonValue>;
    for (const step of path) at = at[step] as Record<string, JsonValue>;
    at[name] = 1;
    return {
      pointer: ['', ...path, name].map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/'),
      value: copy,
    };
  });
}

function placesOf(value: JsonValue, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([name, of]) => placesOf(of as JsonValue, [...path, name]));
  return Array.isArray(value) ? below : [path, ...below];
}
