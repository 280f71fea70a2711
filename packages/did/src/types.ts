/** A DID document as DID 1.1 and Controlled Identifiers 1.0 shape it, with Multikey methods only. */
export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly alsoKnownAs?: readonly string[];
  readonly controller?: readonly string[];
  readonly verificationMethod: readonly VerificationMethod[];
  readonly authentication?: readonly string[];
  readonly assertionMethod?: readonly string[];
  readonly capabilityInvocation?: readonly string[];
  readonly capabilityDelegation?: readonly string[];
  readonly service?: readonly Service[];
}

export interface VerificationMethod {
  /** Absolute DID URL with fragment. */
  readonly id: string;
  readonly type: 'Multikey';
  readonly controller: string;
  readonly publicKeyMultibase: string;
}

export interface Service {
  readonly id: string;
  readonly type: string;
  readonly serviceEndpoint: string;
}

export type VerificationRelationship =
  | 'authentication'
  | 'assertionMethod'
  | 'capabilityInvocation'
  | 'capabilityDelegation';

/** DID Resolution v1 §4 in plain data; `error` carries the v1 name (`NOT_FOUND`, `INVALID_DID`, …). */
export interface DidResolution {
  readonly didResolutionMetadata: {
    readonly contentType?: string;
    readonly error?: DidErrorName;
    readonly message?: string;
  };
  readonly didDocument: DidDocument | null;
  readonly didDocumentMetadata: {
    /** RFC 3339 UTC without fraction. */
    readonly created?: string;
    readonly updated?: string;
    readonly deactivated?: true;
    readonly versionId?: string;
    readonly nextUpdate?: string;
    readonly nextVersionId?: string;
    /** With `deactivated`: the last version that has a document (specs/did-mno.md §7.2). */
    readonly lastVersionId?: string;
  };
}

export type DidErrorName =
  | 'INVALID_DID'
  | 'INVALID_DID_URL'
  | 'INVALID_OPTIONS'
  | 'NOT_FOUND'
  | 'REPRESENTATION_NOT_SUPPORTED'
  | 'METHOD_NOT_SUPPORTED'
  | 'FEATURE_NOT_SUPPORTED'
  | 'INVALID_DID_DOCUMENT'
  | 'INTERNAL_ERROR';

export interface DidResolver {
  resolve(
    did: string,
    options?: { readonly versionId?: string; readonly versionTime?: string },
  ): Promise<DidResolution>;
}
