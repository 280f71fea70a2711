import { z } from 'zod';
import { parseDocument } from '../document/document.schema.ts';
import { parseDateTime } from '../resolver/date-time.ts';
import { ERROR_TYPE_BASE, RESOLUTION_ERRORS } from '../resolver/views.ts';
import { parseVersionId } from '../syntax/version-id.ts';
import type { DidErrorName, DidResolution } from '../types.ts';

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

const resultSchema = z.object({
  didDocument: z.unknown(),
  didResolutionMetadata: z.object({
    contentType: z.string().max(100).optional(),
    error: z.object({ type: errorName, detail: z.string().max(200).optional() }).optional(),
  }),
  didDocumentMetadata: z.object({
    created: moment,
    updated: moment,
    deactivated: z.boolean().optional(),
    versionId,
    nextUpdate: moment,
    nextVersionId: versionId,
    lastVersionId: versionId,
  }),
});

/**
 * A DID resolution result of the v1 view, from a resolver that may be hostile or broken.
 * @throws ZodError, AppError invalid_document, TypeError
 */
export function parseResult(value: unknown, did: string): DidResolution {
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = resultSchema.parse(value);
  const { contentType, error } = didResolutionMetadata;
  if (error !== undefined) {
    if (didDocument !== null) throw new TypeError('did resolution: an error with a document');
    const message = error.detail === undefined ? {} : { message: error.detail };
    return {
      didResolutionMetadata: { error: error.type, ...message },
      didDocument: null,
      didDocumentMetadata: {},
    };
  }
  const { deactivated, ...times } = didDocumentMetadata;
  if (didDocument === null && !deactivated)
    throw new TypeError('did resolution: neither document nor reason');
  return {
    didResolutionMetadata: contentType === undefined ? {} : { contentType },
    didDocument: didDocument === null ? null : parseDocument(didDocument, did),
    didDocumentMetadata: { ...withoutUndefined(times), ...(deactivated ? { deactivated } : {}) },
  };
}

function withoutUndefined(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined),
  );
}
