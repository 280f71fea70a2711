import type { JsonValue } from '@attestel/core';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { fail } from '../errors.ts';
import type { JsonSchema } from './module.ts';

/** What a value has to be; compiled once per schema. */
export type Validate = (value: JsonValue, at?: string) => void;

const compiled = new WeakMap<JsonSchema, Validate>();

/**
 * A check by JSON Schema 2020-12. Strict: an unknown keyword or a schema that contradicts itself is a programmer's
 * mistake. The check throws AppError invalid_argument whose field is a JSON pointer (RFC 6901) to the first fault.
 * @throws Error for a schema that does not compile
 */
export function validatorOf(schema: JsonSchema): Validate {
  const known = compiled.get(schema);
  if (known) return known;
  const validate = ajv().compile(schema);
  const check: Validate = (value, at = '') => {
    if (!validate(value)) throw fault(validate, at);
  };
  compiled.set(schema, check);
  return check;
}

// One for each schema: ajv keeps every schema that it has seen by its $id.
function ajv() {
  const made = new Ajv2020.default({
    strict: true,
    allowUnionTypes: true,
    allErrors: false,
    validateFormats: true,
  });
  // What a schema says to people, in both languages: see `said`.
  made.addKeyword({ keyword: 'x-text', schemaType: 'object' });
  addFormats.default(made, ['date', 'date-time', 'uri', 'email', 'ipv4', 'ipv6', 'duration']);
  return made;
}

function fault({ errors }: ValidateFunction, at: string) {
  const [first] = errors ?? [];
  const { additionalProperty, unevaluatedProperty, missingProperty } = first?.params ?? {};
  const named = additionalProperty ?? unevaluatedProperty ?? missingProperty;
  const field = named === undefined ? '' : `/${pointerToken(String(named))}`;
  return fail('invalid_argument', {
    field: `${at}${first?.instancePath ?? ''}${field}` || '/',
    extra: { rule: first?.keyword ?? 'schema' },
  });
}

/** RFC 6901 §3. */
const pointerToken = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
