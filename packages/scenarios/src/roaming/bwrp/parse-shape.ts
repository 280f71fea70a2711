import Big from 'big.js';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { readSourceJson } from './read-source-json.ts';

/** What an import did not take as it stood. */
export type ImportNote = { readonly field: string; readonly rule: string; readonly value?: string };

/** A number of the file, as text or as the JSON number that stood there, in plain decimal notation. */
export const NUMBER = z
  .string()
  .regex(/^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?$/)
  .transform((text) => (/[eE]/.test(text) ? new Big(text).toFixed() : text));

/** @throws AppError invalid_argument with a JSON pointer (RFC 6901) to what is wrong */
export function parseShape<T>(schema: z.ZodType<T>, text: string): T {
  const found = schema.safeParse(readSourceJson(text));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])];
  const field = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  throw fail('invalid_argument', { field: field || '/', extra: { rule: issue?.code ?? 'shape' } });
}

/** The pilot writes services in several ways. Other names stay as they are: they are no service of any tariff. */
export const serviceOf = (name: string): string => SPELLINGS.get(name) ?? name;

const SPELLINGS = new Map([
  ['SMSMO', 'SMS MO'],
  ['SMSMT', 'SMS MT'],
]);
