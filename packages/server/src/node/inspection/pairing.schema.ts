import { fromBase64url, fromUtf8, type HttpRequest, multikeyFromText, parseStrictJson } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../../errors.ts';

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

/** Who is to inspect, where, until when: what the operator's staff decides. */
export const appointmentSchema = z.strictObject({
  name: z.string().min(1).max(80),
  province: z.string().min(1).max(16),
  /** Only its devices go onto the phone; null: all of the province. */
  city: z.string().min(1).max(32).nullable(),
  /** Unix seconds. */
  until: z.int().positive(),
  /** Local time of the phone; past midnight where it ends before it begins. */
  shift: z.strictObject({ from: clockTime, until: clockTime }),
});
export type Appointment = z.output<typeof appointmentSchema>;

const code = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const bytes = (least: number, most: number) =>
  z
    .string()
    .max(Math.ceil((most * 4) / 3))
    .transform((text, context) => {
      try {
        const decoded = fromBase64url(text);
        if (decoded.length >= least && decoded.length <= most) return decoded;
      } catch {
        // Said below.
      }
      context.addIssue('must be base64url of the right length');
      return z.NEVER;
    });
const multikey = z.string().max(60).refine(isMultikeyText);

/** Public keys of a phone: what signs its calls, what controls its DID, and a commitment to what will control it next. */
export const beginSchema = z.strictObject({ code, key: multikey, control: multikey, next: bytes(32, 32) });
export const completeSchema = z.strictObject({ code, payload: bytes(1, 8192), signature: bytes(64, 64) });

export type BeginPairing = z.output<typeof beginSchema>;
export type CompletePairing = z.output<typeof completeSchema>;

function isMultikeyText(text: string): boolean {
  try {
    multikeyFromText(text);
    return true;
  } catch {
    return false;
  }
}

const JSON_DEPTH = 4;

/** A strict JSON body. The error names the field, never the value. @throws AppError inspection_request_invalid */
export function readStrict<Schema extends z.ZodType>(
  { body }: HttpRequest,
  schema: Schema,
): z.output<Schema> {
  let value: unknown;
  try {
    value = parseStrictJson(fromUtf8(body), { depth: JSON_DEPTH });
  } catch {
    throw fail('inspection_request_invalid', { field: '/' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw fail('inspection_request_invalid', { field: `/${parsed.error.issues[0]?.path.join('/') ?? ''}` });
}
