import type { Bytes, Clock, HttpRequest, Logger, Random, Signer, Store } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { DisplayName, Registry } from '@attestel/registry';
import type { LinePolicy } from './line/state.ts';
import type { NonceSource } from './oauth/nonce.ts';
import type { StatusPublisher } from './status/status-publisher.ts';
import type { Derive } from './storage/derivation.ts';
import type { Subscribers } from './subscribers/subscribers.ts';

/** The operator in whose name the issuer signs. */
export interface IssuerParty {
  readonly did: string;
  /** DID URL of the assertion key. */
  readonly kid: string;
  /** DER, leaf first, without the anchor. */
  readonly x5c: readonly Bytes[];
  readonly name: DisplayName;
}

/** The operator's network, as credentials name it. Strings: leading zeros matter. */
export interface MobileNetwork {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly mcc: string;
  readonly mnc: string;
}

export interface IssuerLimits {
  readonly offerSeconds: number;
  readonly tokenSeconds: number;
  readonly nonceSeconds: number;
  /** Wrong transaction codes after which an offer is dead. */
  readonly txCodeAttempts: number;
  readonly requestsPerToken: number;
  readonly batchSize: number;
  readonly credentialDays: number;
}

export const DEFAULT_LIMITS: IssuerLimits = {
  offerSeconds: 600,
  tokenSeconds: 300,
  nonceSeconds: 300,
  txCodeAttempts: 5,
  requestsPerToken: 3,
  batchSize: 10,
  credentialDays: 14,
};

/** Everything an endpoint of one issuer works with. */
export interface IssuerContext {
  /** Credential issuer identifier, without a trailing slash. */
  readonly issuerUrl: string;
  /** Path of the identifier: empty or `/…`. */
  readonly basePath: string;
  readonly party: IssuerParty;
  readonly network: MobileNetwork;
  readonly vct: string;
  readonly signer: Signer;
  readonly store: Store;
  /** Both absent: the issuer takes part in no ports. */
  readonly registry: Registry | undefined;
  readonly resolver: DidResolver | undefined;
  /** Origin of the browser wallet people are sent to. */
  readonly walletUrl: string | undefined;
  readonly derive: Derive;
  readonly cNonces: NonceSource;
  readonly dpopNonces: NonceSource;
  readonly policy: LinePolicy;
  readonly limits: IssuerLimits;
  readonly statusListSize: number;
  readonly subscribers: Subscribers;
  readonly statuses: StatusPublisher;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly desk: {
    readonly authenticate: (request: HttpRequest) => Promise<{ readonly did: string }>;
    readonly allowed: ReadonlySet<string>;
  };
}

export const CONFIGURATION_ID = 'phone_number';
