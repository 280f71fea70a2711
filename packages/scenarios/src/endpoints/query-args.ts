import { type JsonValue, parseStrictJson } from '@attestel/core';
import { fail } from '../errors.ts';
import { JSON_LIMITS } from '../module/json-limits.ts';
import type { JsonObject, JsonSchema, Query } from '../module/module.ts';
import { pointer } from './contract-request.ts';

/** Parameters that every query has, unless its own schema has one of that name. */
export const COMMON_PARAMETERS = ['at', 'as'] as const;
/** Those that a list has beside them. */
export const PART_PARAMETERS = ['limit', 'after'] as const;

type Common = (typeof COMMON_PARAMETERS | typeof PART_PARAMETERS)[number];

export type QueryParameters = { readonly args: JsonObject } & { readonly [name in Common]?: string };

/**
 * Arguments of a query from its query string, by the schema: texts as they are, numbers and booleans as JSON writes them,
 * lists by repeating the name, all else as JSON. Whether they fit is for the schema itself to say.
 * @throws AppError invalid_argument: an unknown or repeated name, or a value that cannot be of its type
 */
export function queryParameters(
  search: URLSearchParams,
  { schema, paged = false }: Pick<Query, 'schema' | 'paged'>,
): QueryParameters {
  const properties = propertiesOf(schema);
  const args: { [name: string]: JsonValue } = {};
  const common: { [name in Common]?: string } = {};
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    const [first = ''] = values;
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const isList = declared?.type === 'array';
    if (!isList && values.length > 1) throw fail('invalid_argument', { field: pointer(name) });
    if (declared) args[name] = isList ? listOf(values, declared, name) : readValue(first, declared, name);
    else if (isCommon(name, paged)) common[name] = first;
    else throw fail('invalid_argument', { field: pointer(name), extra: { rule: 'additionalProperties' } });
  }
  return { args, ...common };
}

export const propertiesOf = (schema: JsonSchema): { readonly [name: string]: JsonSchema } =>
  (schema.properties ?? {}) as { readonly [name: string]: JsonSchema };

const isCommon = (name: string, paged: boolean): name is Common =>
  (COMMON_PARAMETERS as readonly string[]).includes(name) ||
  (paged && (PART_PARAMETERS as readonly string[]).includes(name));

const listOf = (values: readonly string[], { items = {} }: JsonSchema, name: string): JsonValue =>
  values.map((value) => readValue(value, items as JsonSchema, name));

function readValue(text: string, { type, enum: choices }: JsonSchema, name: string): JsonValue {
  if (type === 'string' || (type === undefined && Array.isArray(choices))) return text;
  try {
    return parseStrictJson(text, JSON_LIMITS);
  } catch {
    throw fail('invalid_argument', { field: pointer(name), extra: { rule: 'type' } });
  }
}
