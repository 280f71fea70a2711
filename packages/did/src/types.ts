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
    /** With NOT_FOUND: that it is so. */
    readonly proof?: readonly ResolutionProof[];
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
    readonly proof?: readonly ResolutionProof[];
  };
}

/** What a resolution was read from, for who trusts the ledger's witnesses and not the resolver (§7.4). */
export interface ResolutionProof {
  readonly type: typeof PROOF_TYPE;
  /** State receipts of one checkpoint, base64url: the DID's head first, then the versions needed. */
  readonly receipts: readonly string[];
  /** Opens the commitment to the document; base64url of 32 bytes. */
  readonly salt?: string;
}

export const PROOF_TYPE = 'AttestelStateProof1';

/** `path`: refers to its checkpoint; `full`: brings it along, for use offline. */
export type ProofForm = 'none' | 'path' | 'full';

export interface ResolutionOptions {
  readonly versionId?: string;
  readonly versionTime?: string;
  /** Our own option: whether the answer brings its proof. */
  readonly receipt?: ProofForm;
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
  resolve(did: string, options?: ResolutionOptions): Promise<DidResolution>;
}
