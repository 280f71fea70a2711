import type { DidErrorName, DidResolution } from '../types.ts';

/** On error the document is null and its metadata empty (DID Resolution v1 §4). */
export const resolutionError = (error: DidErrorName, message?: string): DidResolution => ({
  didResolutionMetadata: { error, ...(message === undefined ? {} : { message }) },
  didDocument: null,
  didDocumentMetadata: {},
});
