import { type JsonValue, parseStrictJson } from '@attestel/core';
import { fail } from '../errors.ts';
import { JSON_LIMITS } from '../module/json-limits.ts';
import type { JsonObject, JsonSchema } from '../module/module.ts';
import { pointer } from './contract-request.ts';

/** Parameters that every query has, unless its own schema has one of that name. */
export const COMMON_PARAMETERS = ['at', 'as'] as const;

export interface QueryParameters {
  readonly args: JsonObject;
  readonly at?: string;
  readonly as?: string;
}

/**
 * Arguments of a query from its query string, by the schema: texts as they are, numbers and booleans as JSON writes them,
 * lists by repeating the name, all else as JSON. Whether they fit is for the schema itself to say.
 * @throws AppError invalid_argument: an unknown or repeated name, or a value that cannot be of its type
 */
export function queryParameters(search: URLSearchParams, schema: JsonSchema): QueryParameters {
  const properties = propertiesOf(schema);
  const args: { [name: string]: JsonValue } = {};
  const common: { at?: string; as?: string } = {};
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    const [first = ''] = values;
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const isList = declared?.type === 'array';
    if (!isList && values.length > 1) throw fail('invalid_argument', { field: pointer(name) });
    if (declared) args[name] = isList ? listOf(values, declared, name) : readValue(first, declared, name);
    else if (isCommon(name)) common[name] = first;
    else throw fail('invalid_argument', { field: pointer(name), extra: { rule: 'additionalProperties' } });
  }
  return { args, ...common };
}

export const propertiesOf = (schema: JsonSchema): { readonly [name: string]: JsonSchema } =>
  (schema.properties ?? {}) as { readonly [name: string]: JsonSchema };

const isCommon = (name: string): name is 'at' | 'as' =>
  (COMMON_PARAMETERS as readonly string[]).includes(name);

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
