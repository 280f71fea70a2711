import type { JsonSchema, Text } from './module.ts';

/** Annotations of a schema: its text in both languages, shown in documentation and forms. */
export const said = (schema: JsonSchema, text: Text): JsonSchema => ({
  ...schema,
  description: text.en,
  'x-text': { 'zh-CN': text['zh-CN'], en: text.en },
});

/** A closed object: every field is there except those named optional, and no other is. */
export function shape(
  properties: { readonly [field: string]: JsonSchema },
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((field) => !optional.includes(field));
  return { type: 'object', additionalProperties: false, required, properties };
}

export const list = (items: JsonSchema, maxItems: number, minItems = 0): JsonSchema => ({
  type: 'array',
  items,
  minItems,
  maxItems,
});

/** A text of 1 to `max` characters without control characters. */
export const text = (max: number): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength: max,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
});

/** A text of several lines. */
export const prose = (max: number): JsonSchema => ({ type: 'string', minLength: 1, maxLength: max });

export const oneOf = (...values: readonly string[]): JsonSchema => ({ type: 'string', enum: values });

export const integer = (minimum: number, maximum: number): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
});

export const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

export const DID: JsonSchema = {
  type: 'string',
  maxLength: 256,
  pattern: '^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$',
};

/** Id of an object: 32 hex digits. */
export const OBJECT_ID: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{32}$' };

/** RFC 3339 in whole seconds, with its zone; `instantOf` reads it. */
export const INSTANT: JsonSchema = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d)$',
};

/** Unix seconds. */
export const SECONDS: JsonSchema = integer(0, 253_402_300_799);

/** SHA-256 in hex. */
export const SHA256: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/** Another object of the channel, as evidence or for reading. */
export const OBJECT_NAME: JsonSchema = shape({ module: text(128), id: OBJECT_ID });
