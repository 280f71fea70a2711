import { type Bytes, fromBase64, fromHex, fromUtf8 } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import type { SubmittedItem } from '../../module/attachment.schema.ts';
import { parseStrict } from '../../rules/parse-strict.ts';
import { ROLES } from '../../rules/roles.ts';
import type { PublishRequest } from './publisher.ts';

/** A pallet. */
export const MAX_CERTIFICATES = 10_000;
/** 10,000 certificates of RSA keys with their proofs, in base64. */
export const MAX_BODY_BYTES = 24 * 1024 * 1024;
const MAX_CERTIFICATE_CHARACTERS = 27_308;
const MAX_SIGNATURE_CHARACTERS = 684;

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
  .transform(fromHex);

const base64 = (max: number) =>
  z
    .string()
    .min(4)
    .max(max)
    .transform((text, context): Bytes => {
      try {
        return fromBase64(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be base64' });
        return z.NEVER;
      }
    });

const certificate = base64(MAX_CERTIFICATE_CHARACTERS);
const signature = base64(MAX_SIGNATURE_CHARACTERS);
/** More than a path may have, which is each certificate's own refusal. */
const intermediates = z.array(certificate).max(127).default([]);

const itemSchema = z.strictObject({
  certificate,
  possession: signature,
  replaces: hash.nullable().default(null),
  origin: z.strictObject({ certificate, signature }).nullable().default(null),
});

const submissionSchema = z.strictObject({
  role: z.enum(ROLES),
  anchor: hash,
  batch: hash.nullable().default(null),
  challenge: hash,
  intermediates,
  source: z.strictObject({ anchor: hash, chained: z.boolean(), intermediates }).nullable().default(null),
  certificates: z.array(z.unknown()).min(1),
  receipts: z.enum(['none', 'path', 'full']).default('none'),
});

export interface ParsedSubmission {
  readonly request: PublishRequest;
  /** Items that are malformed already: by their place, the field at fault. */
  readonly malformed: ReadonlyMap<number, string>;
  readonly count: number;
}

/**
 * Hostile bytes. An item that does not have its form spoils itself only; the rest of the body must be right.
 * @throws AppError pki_query_invalid, pki_too_many
 */
export function parseSubmission(body: Bytes): ParsedSubmission {
  const { certificates, ...head } = parseStrict(submissionSchema, parseJson(body), 'pki_query_invalid');
  if (certificates.length > MAX_CERTIFICATES) {
    throw fail('pki_too_many', { field: '/certificates', extra: { limit: MAX_CERTIFICATES } });
  }
  const malformed = new Map<number, string>();
  const items = certificates.flatMap((value, i): SubmittedItem[] => {
    const parsed = itemSchema.safeParse(value);
    if (parsed.success) return [parsed.data];
    const [field] = parsed.error.issues[0]?.path ?? [];
    malformed.set(i, typeof field === 'string' ? field : '');
    return [];
  });
  return { request: { ...head, items }, malformed, count: certificates.length };
}

/** @throws AppError pki_query_invalid */
export function parseJson(body: Bytes): unknown {
  try {
    return JSON.parse(fromUtf8(body));
  } catch {
    throw fail('pki_query_invalid', { field: '/' });
  }
}
