import { z } from 'zod';
import { parseDocument } from '../document/document.schema.ts';
import { fail } from '../errors.ts';
import { parseDateTime } from '../resolver/date-time.ts';
import { ERROR_TYPE_BASE, RESOLUTION_ERRORS } from '../resolver/views.ts';
import { parseVersionId } from '../syntax/version-id.ts';
import { type DidErrorName, type DidResolution, PROOF_TYPE, type ResolutionProof } from '../types.ts';

const moment = z
  .string()
  .refine((text) => parseDateTime(text) !== undefined)
  .optional();

const versionId = z
  .string()
  .refine((text) => parseVersionId(text) !== undefined)
  .optional();

const errorName = z
  .string()
  .startsWith(ERROR_TYPE_BASE)
  .transform((type) => type.slice(ERROR_TYPE_BASE.length))
  .refine((name): name is DidErrorName => Object.hasOwn(RESOLUTION_ERRORS, name));

/** Head, two versions and the last live one; each far below this, unless a ledger is deeper than any. */
const MAX_RECEIPTS = 8;
const MAX_RECEIPT_CHARACTERS = 65_536;

const ownProof = z.strictObject({
  type: z.literal(PROOF_TYPE),
  receipts: z.array(z.string().max(MAX_RECEIPT_CHARACTERS)).min(1).max(MAX_RECEIPTS),
  salt: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/) // 32 bytes
    .optional(),
});

/** A set of maps (DID Resolution v1 §4.3): those of other types are not ours to judge. */
const proof = z
  .array(z.looseObject({ type: z.string().max(100) }))
  .max(8)
  .optional()
  .transform((proofs): readonly ResolutionProof[] | undefined => {
    const own = proofs?.filter(({ type }) => type === PROOF_TYPE) ?? [];
    return own.length === 0 ? undefined : own.map(toProof);
  });

/** @throws AppError proof_malformed */
function toProof(value: unknown): ResolutionProof {
  const parsed = ownProof.safeParse(value);
  if (!parsed.success) throw fail('proof_malformed');
  const { salt, ...rest } = parsed.data;
  return { ...rest, ...(salt === undefined ? {} : { salt }) };
}

/** Ends up on terminals and in logs: nothing that moves a cursor or turns the direction of text. */
const detail = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);

const resultSchema = z.object({
  didDocument: z.unknown(),
  didResolutionMetadata: z.object({
    contentType: z.string().max(100).optional(),
    error: z.object({ type: errorName, detail: detail.optional(), proof }).optional(),
  }),
  didDocumentMetadata: z.object({
    created: moment,
    updated: moment,
    deactivated: z.boolean().optional(),
    versionId,
    nextUpdate: moment,
    nextVersionId: versionId,
    lastVersionId: versionId,
    proof,
  }),
});

/**
 * A DID resolution result of the v1 view, from a resolver that may be hostile or broken.
 * @throws ZodError, AppError invalid_document, proof_malformed, TypeError
 */
export function parseResult(value: unknown, did: string): DidResolution {
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = resultSchema.parse(value);
  const { contentType, error } = didResolutionMetadata;
  if (error !== undefined) {
    if (didDocument !== null) throw new TypeError('did resolution: an error with a document');
    const message = error.detail === undefined ? {} : { message: error.detail };
    const proof = error.proof && { proof: error.proof };
    return {
      didResolutionMetadata: { error: error.type, ...message, ...proof },
      didDocument: null,
      didDocumentMetadata: {},
    };
  }
  const { deactivated, proof, ...times } = didDocumentMetadata;
  if (didDocument === null && !deactivated)
    throw new TypeError('did resolution: neither document nor reason');
  return {
    didResolutionMetadata: contentType === undefined ? {} : { contentType },
    didDocument: didDocument === null ? null : parseDocument(didDocument, did),
    didDocumentMetadata: {
      ...withoutUndefined(times),
      ...(deactivated ? { deactivated } : {}),
      ...(proof && { proof }),
    },
  };
}

function withoutUndefined(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined),
  );
}
