import type { Bytes, MultikeyBytes, Signer } from '@attestel/core';

/** What a key is for. A key is used for nothing else. */
export type KeyPurpose =
  | 'did-control' // signs changes of the party's own DID; revealed once, then replaced
  | 'ledger' // signs operations on the ledger in the party's name
  | 'assertion' // signs credentials, request objects, API tokens: in the DID document and the X.509 leaf
  | 'checkpoint' // signs the log's checkpoints
  | 'holder' // a wallet's key-binding key
  | 'dpop'
  | 'token' // an OpenID provider's ID tokens
  | 'certificate-authority'
  | 'derivation'; // HMAC only: subjects, account index, cookie keys

export type KeyAlgorithm = 'EdDSA' | 'ES256' | 'RS256' | 'HS256';

/** Opaque name of a key inside one key store; safe to log and to keep in configuration. */
export type KeyRef = string;

export interface KeyInfo {
  readonly ref: KeyRef;
  readonly purpose: KeyPurpose;
  readonly algorithm: KeyAlgorithm;
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface KeyStoreCapabilities {
  readonly algorithms: readonly KeyAlgorithm[];
  readonly storage: 'memory' | 'encrypted-file' | 'webcrypto' | 'pkcs11' | 'uicc';
  /** ISO/IEC 18045 attack potential as in OpenID4VCI 1.0 appendix D.2. */
  readonly iso18045: 'iso_18045_basic' | 'iso_18045_enhanced-basic' | 'iso_18045_moderate' | 'iso_18045_high';
  readonly maxKeys: number | null;
}

/**
 * Holds keys and uses them; no private or symmetric key ever leaves. `ref` may be chosen by the caller
 * (`^[a-z0-9][a-z0-9/._-]{0,99}$`), so that configuration can name keys before they exist.
 */
export interface KeyStore {
  capabilities(): KeyStoreCapabilities;
  /** @throws AppError key_exists when `ref` is taken */
  generate(request: { purpose: KeyPurpose; algorithm: KeyAlgorithm; ref?: KeyRef }): Promise<KeyInfo>;
  find(ref: KeyRef): Promise<KeyInfo | undefined>;
  list(): Promise<readonly KeyInfo[]>;
  /** @throws AppError key_not_found, key_wrong_algorithm (only EdDSA and ES256 keys have multikeys) */
  signer(ref: KeyRef): Promise<Signer>;
  /** Public JWK of any asymmetric key: kty, crv/x/y or n/e, nothing else. */
  publicJwk(ref: KeyRef): Promise<Readonly<Record<string, string>>>;
  /** JWS signature bytes (RFC 7518) for any asymmetric key, also RS256. */
  sign(ref: KeyRef, message: Bytes): Promise<Bytes>;
  /** HMAC-SHA-256 with an HS256 key. Derives; the key itself stays. */
  mac(ref: KeyRef, message: Bytes): Promise<Bytes>;
  /** Forgets the key for ever. */
  destroy(ref: KeyRef): Promise<void>;
}

export type { MultikeyBytes, Signer };
