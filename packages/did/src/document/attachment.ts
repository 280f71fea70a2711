import {
  type Bytes,
  type CborValue,
  canonicalizeJson,
  concatBytes,
  decodeCbor,
  encodeCbor,
  equalBytes,
  type JsonValue,
  multikeyFromText,
  toHex,
  utf8,
} from '@attestel/core';
import { z } from 'zod';
import { fail } from '../errors.ts';
import { bytesOf, type ControlState, fieldOf, type LedgerKey } from '../genesis/control.schema.ts';
import { nextCommitment } from '../genesis/next-commitment.ts';
import type { Sha256 } from '../sha256-port.ts';
import { type DocumentTemplate, templateSchema } from './template.schema.ts';

/** Larger attachments are refused before they are decoded. */
export const MAX_ATTACHMENT_BYTES = 16_384;

const DOCUMENT_TAG = utf8('attestel/did-document/v1\n');

/**
 * The document travels beside the signed bytes, so that it can be erased later; the salt keeps the
 * commitment that stays from telling what it was (specs/did-mno.md §5.3).
 */
export interface DocumentAttachment {
  readonly salt: Bytes;
  readonly template: DocumentTemplate;
}

const attachmentSchema = z.strictObject({ salt: bytesOf(32), document: z.string() });

/** SHA-256(tag ‖ salt ‖ JCS(template)). */
export const documentCommitment = ({ salt, template }: DocumentAttachment, sha256: Sha256): Bytes =>
  commitmentTo(salt, canonicalizeJson(template as JsonValue), sha256);

const commitmentTo = (salt: Bytes, document: string, sha256: Sha256): Bytes =>
  sha256(concatBytes(DOCUMENT_TAG, salt, utf8(document)));

export const encodeAttachment = ({ salt, template }: DocumentAttachment): Bytes =>
  encodeCbor({ salt, document: canonicalizeJson(template as JsonValue) });

/** Hostile bytes → template in its only spelling. @throws AppError invalid_document */
export function parseAttachment(bytes: Bytes, network: string): DocumentAttachment {
  const { salt, document } = decodeAttachment(bytes);
  const parsed = templateSchema(network).safeParse(parseJson(document));
  if (!parsed.success) throw fail('invalid_document', { field: fieldOf(parsed.error) });
  // Repeated members, white space and other spellings of the same JSON end here.
  if (canonicalizeJson(parsed.data as JsonValue) !== document) throw fail('invalid_document');
  return { salt, template: parsed.data };
}

/**
 * An attachment out of the node's own store. None gets there that {@link checkAttachment} has not passed, so all that
 * is left to ask is whether these are still its bytes; the commitment is to the one spelling of the document.
 * @throws AppError invalid_document, document_mismatch
 */
export function openAttachment(bytes: Bytes, commitment: Bytes, sha256: Sha256): DocumentAttachment {
  const { salt, document } = decodeAttachment(bytes);
  if (!equalBytes(commitmentTo(salt, document, sha256), commitment)) throw fail('document_mismatch');
  return { salt, template: parseJson(document) as DocumentTemplate };
}

function decodeAttachment(bytes: Bytes): z.infer<typeof attachmentSchema> {
  if (bytes.length > MAX_ATTACHMENT_BYTES) throw fail('invalid_document');
  try {
    return attachmentSchema.parse(decodeCbor(bytes) as CborValue);
  } catch (cause) {
    throw fail('invalid_document', { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fail('invalid_document', { cause });
  }
}

/**
 * Everything a validator asks of an attachment when an operation comes in (§5.4): it opens the
 * commitment, its `capabilityInvocation` is exactly the signed ledger keys, no control key is in it.
 * @throws AppError document_missing, invalid_document, document_mismatch, key_reused
 */
export function checkAttachment(
  attachment: Bytes | null,
  signed: ControlState & { readonly keys: readonly Bytes[]; readonly network: string },
  sha256: Sha256,
): DocumentAttachment {
  if (attachment === null) throw fail('document_missing');
  const parsed = parseAttachment(attachment, signed.network);
  if (!equalBytes(documentCommitment(parsed, sha256), signed.document)) throw fail('document_mismatch');
  if (!sameLedgerKeys(parsed.template, signed.ledgerKeys)) {
    throw fail('document_mismatch', { field: '/capabilityInvocation' });
  }
  const control = new Set([
    ...signed.keys.map((key) => toHex(nextCommitment(key, sha256))),
    ...signed.next.map(toHex),
  ]);
  for (const method of parsed.template.verificationMethod) {
    const commitment = nextCommitment(multikeyFromText(method.publicKeyMultibase), sha256);
    if (control.has(toHex(commitment))) throw fail('key_reused', { field: '/verificationMethod' });
  }
  return parsed;
}

function sameLedgerKeys(template: DocumentTemplate, ledgerKeys: readonly LedgerKey[]): boolean {
  const listed = template.capabilityInvocation ?? [];
  const keys = new Map(template.verificationMethod.map((m) => [m.id, m.publicKeyMultibase] as const));
  return (
    listed.length === ledgerKeys.length &&
    ledgerKeys.every(([name, key], i) => {
      const text = listed[i] === `#${name}` ? keys.get(`#${name}`) : undefined;
      return text !== undefined && equalBytes(multikeyFromText(text), key);
    })
  );
}
