import { type Route, unixSeconds } from '@attestel/core';
import { PHONE_NUMBER_VCT } from '@attestel/credentials';
import { DEFAULT_LIMITS, type IssuerContext } from './context.ts';
import { demoRoutes } from './demo/my.endpoint.ts';
import { deskEventsEndpoint } from './desk/events.endpoint.ts';
import { deskOffersEndpoint } from './desk/offers.endpoint.ts';
import { deskPortInEndpoint } from './desk/port-in.endpoint.ts';
import { deskPortOutEndpoint } from './desk/port-out.endpoint.ts';
import { deskSubscribersEndpoint } from './desk/subscribers.endpoint.ts';
import { credentialEndpoint } from './endpoints/credential.endpoint.ts';
import { metadataEndpoints } from './endpoints/metadata.endpoint.ts';
import { nonceEndpoint } from './endpoints/nonce.endpoint.ts';
import { offerEndpoint } from './endpoints/offer.endpoint.ts';
import { statusListEndpoint } from './endpoints/status-list.endpoint.ts';
import { statusListsEndpoint } from './endpoints/status-lists.endpoint.ts';
import { tokenEndpoint } from './endpoints/token.endpoint.ts';
import { vetoEndpoint } from './endpoints/veto.endpoint.ts';
import { assertOptions, DEFAULT_STATUS_LIST_SIZE, type IssuerOptions } from './issuer-options.ts';
import { DEFAULT_LINE_POLICY, type LinePolicy } from './line/state.ts';
import { createNonceSource } from './oauth/nonce.ts';
import { type CredentialOffer, createOffer } from './offers/offers.ts';
import { createStatusPublisher, type StatusPublisher } from './status/status-publisher.ts';
import { ensureStatusList } from './status/status-store.ts';
import { openDerivation } from './storage/derivation.ts';
import { settleDue } from './subscribers/apply-event.ts';
import type { VerificationMethod } from './subscribers/subscriber.ts';
import { createSubscribers, type Subscribers } from './subscribers/subscribers.ts';

/** One operator's credential issuer. */
export interface Issuer {
  readonly routes: readonly Route[];
  readonly subscribers: Subscribers;
  readonly statusLists: StatusPublisher;
  /** @throws AppError subscriber_not_found, line_not_active */
  createOffer(request: {
    readonly subscriptionId: string;
    readonly method?: VerificationMethod;
  }): Promise<CredentialOffer>;
  /** Signs status lists before they are asked for, and settles re-bindings whose time is over. */
  start(): Promise<void>;
  stop(): void;
}

const TICK_MS = 10_000;

/** Opens an issuer over its store. Nothing but the store and the key store outlives it. */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  assertOptions(options);
  const issuer = await createContext(options);
  await issuer.store.transact((writer) => ensureStatusList(writer, issuer.statusListSize));
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    routes: routesOf(issuer, options.demo === true),
    subscribers: issuer.subscribers,
    statusLists: issuer.statuses,
    createOffer: ({ subscriptionId, method = 'network' }) => createOffer(issuer, { subscriptionId, method }),
    async start() {
      await tick(issuer);
      timer ??= setInterval(() => void tickSafely(issuer), TICK_MS).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

async function tick(issuer: IssuerContext): Promise<void> {
  const now = unixSeconds(issuer.clock);
  issuer.statuses.changed(await issuer.store.transact((writer) => settleDue(writer, now)));
  await issuer.statuses.renew();
}

const tickSafely = (issuer: IssuerContext): Promise<void> =>
  tick(issuer).catch(() => issuer.logger.error('issuer.tick_failed'));

function routesOf(issuer: IssuerContext, demo: boolean): Route[] {
  return [
    ...metadataEndpoints(issuer),
    offerEndpoint(issuer),
    tokenEndpoint(issuer),
    nonceEndpoint(issuer),
    credentialEndpoint(issuer),
    vetoEndpoint(issuer),
    statusListsEndpoint(issuer),
    statusListEndpoint(issuer),
    deskOffersEndpoint(issuer),
    deskSubscribersEndpoint(issuer),
    deskEventsEndpoint(issuer),
    deskPortOutEndpoint(issuer),
    deskPortInEndpoint(issuer),
    ...(demo ? demoRoutes(issuer) : []),
  ];
}

async function createContext(options: IssuerOptions): Promise<IssuerContext> {
  const { clock, random, store, party, signer, issuerUrl } = options;
  const derive = await openDerivation(options.keyStore, options.derivationKey ?? 'issuer/derivation');
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const policy = policyOf(options);
  const statuses = createStatusPublisher({ issuerUrl, party, signer, store, clock });
  const onListsChanged = (lists: ReadonlySet<number>): void => statuses.changed(lists);
  const nonces = { lifetimeSeconds: limits.nonceSeconds, derive, clock, random };
  return {
    issuerUrl,
    basePath: new URL(issuerUrl).pathname.replace(/\/$/, ''),
    party,
    // Test network of ITU-T E.212, so that nothing issued by mistake names a real one.
    network: options.network ?? { country: 'CN', mcc: '001', mnc: '01' },
    vct: options.vct ?? PHONE_NUMBER_VCT,
    signer,
    store,
    registry: options.registry,
    resolver: options.resolver,
    walletUrl: options.walletUrl,
    derive,
    cNonces: createNonceSource({ ...nonces, label: 'c-nonce' }),
    dpopNonces: createNonceSource({ ...nonces, label: 'dpop-nonce' }),
    policy,
    limits,
    statusListSize: options.statusListSize ?? DEFAULT_STATUS_LIST_SIZE,
    subscribers: createSubscribers({ store, derive, policy, clock, random, onListsChanged }),
    statuses,
    clock,
    random,
    logger: options.logger,
    desk: {
      authenticate: options.authenticate,
      allowed: new Set(options.deskDids ?? [party.did]),
    },
  };
}

const policyOf = (options: IssuerOptions): LinePolicy => ({
  rebindDelaySeconds: options.rebindingSeconds ?? DEFAULT_LINE_POLICY.rebindDelaySeconds,
  quarantineSeconds: options.quarantineSeconds ?? DEFAULT_LINE_POLICY.quarantineSeconds,
});
