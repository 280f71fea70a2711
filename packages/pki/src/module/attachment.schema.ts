import { type Bytes, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../errors.ts';
import { bytesOf, bytesUpTo } from '../rules/bytes.schema.ts';
import { did } from '../rules/did.schema.ts';
import { parseStrict } from '../rules/parse-strict.ts';
import { scopeSchema } from '../rules/scope.ts';
import { TOKEN_KEY_BYTES } from '../rules/tokens.ts';
import { batchTerms, MAX_ITEMS } from './bodies.schema.ts';

/** As large as the PKI reference allows a certificate to be. */
const MAX_CERTIFICATE_BYTES = 20_480;
const MAX_SIGNATURE_BYTES = 512;
/** More than a path has: too long a chain is the refusal of those that need it. Fewer than a search looks at. */
const MAX_INTERMEDIATES = 127;
const MAX_MESSAGE_BYTES = 65_536;
const MAX_REQUEST_BYTES = 20_480;

const certificate = bytesUpTo(MAX_CERTIFICATE_BYTES);
const signature = bytesUpTo(MAX_SIGNATURE_BYTES);
const intermediates = z.array(certificate).max(MAX_INTERMEDIATES);

/** A CMP request and the confirmation of what it got, as the device sent them (RFC 9810 §5.3.18). */
const messages = z.strictObject({
  request: bytesUpTo(MAX_MESSAGE_BYTES),
  confirmation: bytesUpTo(MAX_MESSAGE_BYTES),
});

/** A PKCS #10 request whose challenge password is the nonce of the challenge, as EST has it (RFC 7030 §4.2.1). */
const certificationRequest = z.strictObject({ certificationRequest: bytesUpTo(MAX_REQUEST_BYTES) });

/** The signature is null where CMP messages are signed by the origin's key already, or a batch vouches for it. */
const origin = z.strictObject({ certificate, signature: signature.nullable() });

const itemSchema = z.strictObject({
  certificate,
  /** Signature over the statement, or what an enrolment that was made for it was asked for by. */
  possession: z.union([signature, messages, certificationRequest]),
  /** Hash of the certificate of the same device that this one takes the place of. */
  replaces: bytesOf(32).nullable(),
  /** The vendor's certificate of the device, and its key's signature over the same statement. */
  origin: origin.nullable(),
});

const attachmentSchema = z.strictObject({
  /** DER of the anchor, null where it has none. */
  anchor: certificate.nullable(),
  scope: scopeSchema,
  intermediates,
  tokenKey: bytesOf(TOKEN_KEY_BYTES),
  batch: z.strictObject({ vendor: did, terms: z.strictObject(batchTerms) }).nullable(),
  /** Where origins stand: on a path to the vendor's anchor, or self-signed and published under it. */
  source: z
    .strictObject({
      ...{ anchor: certificate.nullable(), scope: scopeSchema, intermediates, chained: z.boolean() },
      /** The vendor's batch for the submitter vouches for them instead of their keys. */
      delivered: z.boolean(),
    })
    .nullable(),
  items: z.array(itemSchema).min(1).max(MAX_ITEMS),
});

/** What proves the facts of a submission: for validators, never in the log, erasable. */
export type SubmissionAttachment = z.output<typeof attachmentSchema>;
export type SubmittedItem = z.output<typeof itemSchema>;

export const encodeAttachment = (attachment: SubmissionAttachment): Bytes =>
  encodeCbor(attachment as unknown as CborValue);

/** Hostile bytes. @throws AppError pki_attachment_invalid */
export function parseAttachment(bytes: Bytes | null): SubmissionAttachment {
  if (bytes === null) throw fail('pki_attachment_invalid', { field: '/attachment' });
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch (cause) {
    throw fail('pki_attachment_invalid', { field: '/attachment', cause });
  }
  return parseStrict(attachmentSchema, value, 'pki_attachment_invalid');
}
