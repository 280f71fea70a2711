import { AppError, type ErrorRow } from '@attestel/core';
import type { z } from 'zod';

/** @throws AppError of that code, which names the first field at fault and its rule, never what stood there */
export type ParseStrict<Code extends string> = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: Code,
) => z.output<S>;

/** Parsing with the codes of one package. */
export function strictParser<Code extends string>(
  errors: Readonly<Record<Code, ErrorRow>>,
): ParseStrict<Code> {
  return (schema, value, code) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0] as z.core.$ZodIssue;
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknown === undefined ? issue.path : [...issue.path, unknown];
    const message = unknown === undefined ? issue.message : 'unknown field';
    throw new AppError(code, { ...errors[code], message }, { field: path.map(pointerToken).join('') || '/' });
  };
}

/** Names of unknown fields are hostile text: shown only where they look like a field name. */
const pointerToken = (key: PropertyKey): string =>
  /^[\w.-]{1,40}$/.test(String(key)) ? `/${String(key)}` : '/…';
