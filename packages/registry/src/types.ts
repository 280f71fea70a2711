import type { Bytes } from '@attestel/core';

export type Role =
  | 'operator'
  | 'vendor'
  | 'regulator'
  | 'auditor'
  | 'tower-company'
  | 'platform'
  | 'app'
  | 'bridge';

/** A name people read, in each language. */
export interface DisplayName {
  readonly 'zh-CN': string;
  readonly en: string;
}

/** Half-open validity [from, until), unix seconds of block time. */
export interface Validity {
  readonly from: number;
  readonly until: number | null;
}

export interface Member {
  readonly did: string;
  readonly name: DisplayName;
  readonly roles: readonly Role[];
  readonly status: 'active' | 'suspended' | 'left';
  /** Block time of the admission or the last change of status, unix seconds. */
  readonly statusSince: number;
}

/** An operator's accreditation to issue; per credential type. */
export interface Issuer {
  readonly did: string;
  /** OpenID4VCI credential issuer identifier: the `iss` of its credentials. */
  readonly issuerUrl: string;
  readonly name: DisplayName;
  readonly types: readonly { readonly vct: string; readonly validity: Validity }[];
  readonly status: 'active' | 'suspended';
}

/** An OIDC bridge: a verifier that may ask for the subscription handle. */
export interface Bridge {
  readonly did: string;
  /** OIDC issuer URL. */
  readonly url: string;
  /** Member that runs it, by DID. */
  readonly member: string;
  readonly name: DisplayName;
  readonly status: 'active' | 'suspended';
}

/** A member's node that takes part in ordering operations. */
export interface Validator {
  /** Member, by DID. */
  readonly did: string;
  /** Ed25519, 32 bytes: the engine's own key, used for nothing else. */
  readonly key: Bytes;
  /** Weight of its vote; 0 when it has none any more. */
  readonly power: number;
}

export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';

/** A relying party. Secrets are never here: the bridge derives them (`secretVersion` rotates). */
export interface App {
  /** `^[a-z][a-z0-9-]{2,39}$`, unique on the ledger. */
  readonly clientId: string;
  /** Member that vouches for it, by DID. */
  readonly member: string;
  readonly name: DisplayName;
  readonly purpose: DisplayName;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Claims it may ask for, beyond `sub`; OIDC names such as `phone_number`. */
  readonly claims: readonly string[];
  readonly authentication: ClientAuthentication;
  /** JSON text of the JWK set for private_key_jwt. */
  readonly jwks: string | null;
  readonly secretVersion: number;
  readonly status: 'active' | 'suspended';
}

/** What the ledger says about who may do what, at the last block. */
export interface Registry {
  member(did: string): Member | undefined;
  members(): readonly Member[];
  issuer(did: string): Issuer | undefined;
  issuers(): readonly Issuer[];
  /** Active member, active accreditation, type listed and valid at `at` (unix seconds). */
  isAccredited(did: string, vct: string, at: number): boolean;
  bridge(did: string): Bridge | undefined;
  bridges(): readonly Bridge[];
  app(clientId: string): App | undefined;
  apps(): readonly App[];
  /** DER of the X.509 roots under which members' leaf certificates stand. */
  trustAnchors(): readonly Bytes[];
}

/** The same questions asked of a node over HTTP, as wallets do. Suspended and unknown look the same. */
export interface RegistryClient {
  issuer(did: string): Promise<Issuer | undefined>;
  bridge(did: string): Promise<Bridge | undefined>;
  app(clientId: string): Promise<App | undefined>;
  issuers(): Promise<readonly Issuer[]>;
  member(did: string): Promise<Member | undefined>;
}
