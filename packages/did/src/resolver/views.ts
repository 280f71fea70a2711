import type { DidDocument, DidErrorName, DidResolution, ResolutionProof } from '../types.ts';

/** HTTP status and human-readable title of each error (DID Resolution v1 §12.1). */
export const RESOLUTION_ERRORS: Readonly<Record<DidErrorName, { status: number; title: string }>> = {
  INVALID_DID: { status: 400, title: 'The DID is not valid.' },
  INVALID_DID_URL: { status: 400, title: 'The DID URL is not valid.' },
  INVALID_OPTIONS: { status: 400, title: 'The resolution options are not valid.' },
  NOT_FOUND: { status: 404, title: 'The DID document was not found.' },
  REPRESENTATION_NOT_SUPPORTED: { status: 406, title: 'The representation is not supported.' },
  INVALID_DID_DOCUMENT: { status: 500, title: 'The DID document is not valid.' },
  INTERNAL_ERROR: { status: 500, title: 'The resolver failed.' },
  METHOD_NOT_SUPPORTED: { status: 501, title: 'The DID method is not supported.' },
  FEATURE_NOT_SUPPORTED: { status: 501, title: 'The feature is not supported.' },
};

export const ERROR_TYPE_BASE = 'https://www.w3.org/ns/did#';

/**
 * RFC 9457 object, as DID Resolution v1 §11 has it. On an error the document's metadata are empty, so the proof
 * of a NOT_FOUND is an extension member (RFC 9457 §3.2).
 */
export const toProblem = (
  error: DidErrorName,
  { message, proof }: { readonly message?: string; readonly proof?: readonly ResolutionProof[] } = {},
) => ({
  type: `${ERROR_TYPE_BASE}${error}`,
  title: RESOLUTION_ERRORS[error].title,
  ...(message === undefined ? {} : { detail: message }),
  ...(proof === undefined ? {} : { proof }),
});

/** 410 for a deactivated DID, even where an old document is returned (§12.1). */
export function statusOf({ didResolutionMetadata, didDocumentMetadata }: DidResolution): number {
  if (didResolutionMetadata.error !== undefined) return RESOLUTION_ERRORS[didResolutionMetadata.error].status;
  return didDocumentMetadata.deactivated ? 410 : 200;
}

/** DID resolution result of the v1 view. */
export function toV1View({ didResolutionMetadata, didDocument, didDocumentMetadata }: DidResolution) {
  const { error, contentType } = didResolutionMetadata;
  return {
    didDocument,
    didResolutionMetadata: {
      ...(contentType === undefined ? {} : { contentType }),
      ...(error === undefined ? {} : { error: toProblem(error, didResolutionMetadata) }),
    },
    didDocumentMetadata,
  };
}

const CORE_1_0_ERRORS: Readonly<Record<DidErrorName, string>> = {
  INVALID_DID: 'invalidDid',
  INVALID_DID_URL: 'invalidDidUrl',
  INVALID_OPTIONS: 'invalidOptions',
  NOT_FOUND: 'notFound',
  REPRESENTATION_NOT_SUPPORTED: 'representationNotSupported',
  METHOD_NOT_SUPPORTED: 'unsupportedDidMethod',
  FEATURE_NOT_SUPPORTED: 'featureNotSupported',
  INVALID_DID_DOCUMENT: 'invalidDidDocument',
  INTERNAL_ERROR: 'internalError',
};

/** DID Core 1.0 §4.1 and the suite that defines Multikey for it. */
const CORE_1_0_CONTEXT = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'];

const toCore10Document = (document: DidDocument) => ({ ...document, '@context': CORE_1_0_CONTEXT });

/** The DID Core 1.0 data-model view: errors are words, the contexts those of 2022. */
export function toCore10View({ didResolutionMetadata, didDocument, didDocumentMetadata }: DidResolution) {
  const { error, message, proof } = didResolutionMetadata;
  return {
    didDocument: didDocument && toCore10Document(didDocument),
    didResolutionMetadata: {
      ...(didDocument === null ? {} : { contentType: 'application/did+ld+json' }),
      ...(error === undefined ? {} : { error: CORE_1_0_ERRORS[error] }),
      ...(message === undefined ? {} : { message }),
      ...(proof === undefined ? {} : { proof }),
    },
    didDocumentMetadata,
  };
}
