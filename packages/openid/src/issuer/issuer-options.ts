import type { Clock, HttpRequest, Logger, Random, Signer, Store } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { KeyRef } from '@attestel/keystore';
import type { Registry } from '@attestel/registry';
import type { IssuerLimits, IssuerParty, MobileNetwork } from './context.ts';
import type { DerivationKeys } from './storage/derivation.ts';

export interface IssuerOptions {
  /** Credential issuer identifier, as accredited: no trailing slash, query or fragment. */
  readonly issuerUrl: string;
  readonly party: IssuerParty;
  /** The operator's assertion key, ES256: the one in the DID document and in the leaf. */
  readonly signer: Signer;
  readonly keyStore: DerivationKeys;
  /** HMAC key for the number index, codes and nonces; made at the first start. */
  readonly derivationKey?: KeyRef;
  readonly store: Store;
  /** Needed for ports between operators. */
  readonly registry?: Registry;
  readonly resolver?: DidResolver;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Who calls the desk API. */
  readonly authenticate: (request: HttpRequest) => Promise<{ readonly did: string }>;
  /** DIDs that may use the desk; default: the operator itself. */
  readonly deskDids?: readonly string[];
  readonly vct?: string;
  readonly network?: MobileNetwork;
  readonly walletUrl?: string;
  /** Self-service pages for anybody. Never where lines are real. */
  readonly demo?: boolean;
  /** Entries per status list, a power of two. */
  readonly statusListSize?: number;
  /** Waiting time of a re-binding without the old key. */
  readonly rebindingSeconds?: number;
  readonly quarantineSeconds?: number;
  readonly limits?: Partial<IssuerLimits>;
}

/** @throws TypeError naming the option */
export function assertOptions(options: IssuerOptions): void {
  const url = URL.canParse(options.issuerUrl) ? new URL(options.issuerUrl) : undefined;
  const isClean = url !== undefined && url.search === '' && url.hash === '' && url.username === '';
  // OID4VCI 1.0 §12.2.1; compared as strings everywhere, so one spelling only.
  if (!isClean || options.issuerUrl.endsWith('/')) throw new TypeError('issuerUrl: not an issuer identifier');
  if (!options.party.kid.startsWith(`${options.party.did}#`))
    throw new TypeError('party.kid: not of party.did');
  if (options.signer.algorithm !== 'ES256') throw new TypeError('signer: HAIP 1.0 §7 wants ES256');
  const size = options.statusListSize ?? DEFAULT_STATUS_LIST_SIZE;
  const isPowerOfTwo =
    Number.isSafeInteger(size) && size >= 16 && size <= 2 ** 24 && Number.isInteger(Math.log2(size));
  if (!isPowerOfTwo) throw new TypeError('statusListSize: not a power of two from 16 to 2^24');
}

export const DEFAULT_STATUS_LIST_SIZE = 2 ** 17;
