import { readFile } from 'node:fs/promises';
import {
  type Clock,
  type Logger,
  type Random,
  type Route,
  silentLogger,
  systemClock,
  systemRandom,
  unixSeconds,
} from '@attestel/core';
import { createIssuerTrust, createStatusCache, PHONE_NUMBER_VCT } from '@attestel/credentials';
import {
  createLedgerResolver,
  createPartyAuthenticator,
  type DidResolver,
  resolverRoutes,
} from '@attestel/did';
import { type Alarm, type Ledger, ledgerRoutes } from '@attestel/ledger';
import { createBridge, type Bridge as OidcBridge } from '@attestel/oidc-bridge';
import { createIssuer, type Issuer, sampleSubscribers } from '@attestel/openid/issuer';
import { createVerifier } from '@attestel/openid/verifier';
import {
  channelRoutes,
  createChannels,
  createEventLines,
  createRegistry,
  createSubLedgers,
  type Registry,
  registryRoutes,
  subLedgerRoutes,
} from '@attestel/registry';
import { buildWallet, walletRoutes } from '@attestel/web';
import type { NodeConfig } from '../config.schema.ts';
import { type HttpServer, type NodeHandler, startHttpServer } from '../http/http-server.ts';
import { createMetrics } from '../http/metrics.ts';
import { createTokenBuckets } from '../http/token-buckets.ts';
import { createLogger } from '../log.ts';
import { appSecretRoutes } from './app-secret.endpoint.ts';
import type { LedgerMeter } from './ledger-meter.ts';
import type { Party } from './open-party.ts';
import { createReadGuard } from './read-guard.ts';

/** What a node is given rather than makes: time, randomness, the ledger it takes part in, its party. */
export interface NodePorts {
  readonly ledger: Ledger;
  readonly party: Party;
  /** Whose cosignatures make the ledger's checkpoints count (C2SP tlog-policy); wallets get it from here. */
  readonly policyText?: string;
  /** What was found wrong with the log, where this node follows that of another one. */
  readonly alarms?: (() => readonly Alarm[]) | undefined;
  /** Counts of the ledger, where it was opened with them. */
  readonly meter?: LedgerMeter | undefined;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  readonly fetch?: typeof fetch;
}

export interface AttestelNode {
  readonly config: NodeConfig;
  readonly origin: string;
  readonly issuer: Issuer | undefined;
  readonly bridge: OidcBridge | undefined;
  close(): Promise<void>;
}

type Optional = 'policyText' | 'alarms' | 'meter';

/** What every role of one node shares. */
interface Context {
  readonly config: NodeConfig;
  readonly ports: Required<Omit<NodePorts, Optional>> & Pick<NodePorts, Optional>;
  readonly resolver: DidResolver;
  readonly registry: Registry;
}

/** A role of a node: what it serves, and what must stop with it. */
interface RoleParts {
  readonly routes: readonly Route[];
  readonly fallback?: NodeHandler;
  /** Whether the role can do its work; absent: as soon as it is there. */
  readonly ready?: () => boolean;
  readonly stop: () => Promise<void> | void;
}

/** One member's node: the roles its configuration switches on, behind one HTTP server. */
export async function createNode(config: NodeConfig, given: NodePorts): Promise<AttestelNode> {
  const logger =
    given.logger ??
    (config.logLevel === 'silent' ? silentLogger : createLogger(config.logLevel, { node: config.instance }));
  const ports = { clock: systemClock, random: systemRandom, fetch, ...given, logger };
  const context: Context = {
    config,
    ports,
    resolver: createLedgerResolver(given.ledger),
    registry: createRegistry(given.ledger),
  };
  const issuer = config.roles.issuer && (await startIssuer(context, config.roles.issuer));
  const bridge = config.roles.bridge && (await startBridge(context, config.roles.bridge));
  const parts: RoleParts[] = [
    ...(config.roles.resolver ? [readers(context)] : []),
    ...(issuer ? [issuer.parts] : []),
    ...(bridge ? [bridge.parts] : []),
    ...(config.roles.wallet ? [await wallet(context, config.roles.wallet)] : []),
  ];
  const server = await serve(context, parts);
  return {
    config,
    origin: config.http.origin,
    issuer: issuer?.issuer,
    bridge: bridge?.bridge,
    async close() {
      await server.close();
      for (const part of parts) await part.stop();
    },
  };
}

async function serve({ config, ports }: Context, parts: readonly RoleParts[]): Promise<HttpServer> {
  const { tls, submissions, requests, metrics } = config.http;
  const measured = createMetrics(config.instance);
  ports.meter?.register(measured.registry, ports);
  const limit = { perSecond: submissions.kilobytesPerSecond, burst: submissions.burstKilobytes };
  return startHttpServer({
    origin: config.http.origin,
    host: config.http.host,
    port: config.http.port,
    tls: tls && { cert: await readFile(tls.certFile, 'utf8'), key: await readFile(tls.keyFile, 'utf8') },
    routes: parts.flatMap((part) => part.routes),
    throttled: [{ path: '/v1/ledger/operations', buckets: createTokenBuckets(limit, ports.clock) }],
    requests: createTokenBuckets(requests, ports.clock),
    publicMetrics: metrics === 'public',
    fallback: parts.find((part) => part.fallback)?.fallback,
    logger: ports.logger,
    metrics: measured,
    random: ports.random,
    ready: () => parts.every((part) => part.ready?.() ?? true),
  });
}

function readers({ config, ports, resolver, registry }: Context): RoleParts {
  const channels = createChannels(ports.ledger, () => unixSeconds(ports.clock));
  const authenticate = createPartyAuthenticator({
    resolver,
    audience: config.http.origin,
    clock: ports.clock,
  });
  const guard = createReadGuard({ channels, registry, authenticate });
  return {
    routes: [
      ...ledgerRoutes(ports.ledger, { policy: ports.policyText, alarms: ports.alarms, guard }),
      ...resolverRoutes(resolver),
      ...registryRoutes(registry, { proofs: ports.ledger.proofs }),
      ...channelRoutes({ channels, lines: createEventLines(ports.ledger), authenticate }),
      ...subLedgerRoutes(createSubLedgers(ports.ledger)),
    ],
    stop() {},
  };
}

async function startIssuer(context: Context, role: NonNullable<NodeConfig['roles']['issuer']>) {
  const { config, ports, resolver, registry } = context;
  const identity = identityOf(ports.party);
  const issuer = await createIssuer({
    issuerUrl: config.http.origin,
    party: { did: identity.did, kid: identity.kid, x5c: identity.certificates, name: config.name },
    signer: await ports.party.keyStore.signer(identity.assertionKey),
    keyStore: ports.party.keyStore,
    store: ports.party.store,
    registry,
    resolver,
    clock: ports.clock,
    random: ports.random,
    logger: ports.logger,
    vct: PHONE_NUMBER_VCT,
    walletUrl: role.walletUrl,
    demo: role.demo !== undefined,
    statusListSize: role.statusListSize,
    rebindingSeconds: Math.round(role.rebindingHours * 3600),
    quarantineSeconds: Math.round(role.quarantineDays * 86_400),
    authenticate: createPartyAuthenticator({
      resolver,
      audience: config.http.origin,
      clock: ports.clock,
      // The operator itself stays able to suspend and revoke, whatever the consortium thinks of it.
      isActive: (did) => did === identity.did || (registry.member(did)?.status ?? 'active') === 'active',
    }),
    deskDids: [identity.did, ...role.deskDids],
  });
  if (role.demo)
    await issuer.subscribers.seed(
      sampleSubscribers({
        seed: String(role.demo.seed),
        operator: config.instance,
        count: role.demo.subscribers,
      }),
    );
  await issuer.start();
  return { issuer, parts: { routes: issuer.routes, stop: () => issuer.stop() } };
}

async function startBridge(context: Context, role: NonNullable<NodeConfig['roles']['bridge']>) {
  const { config, ports, resolver, registry } = context;
  const identity = identityOf(ports.party);
  const { clock, random, logger } = ports;
  const status = createStatusCache({
    fetch: ports.fetch,
    registry,
    resolver,
    clock,
    refreshSeconds: role.statusRefreshSeconds,
    maxAgeSeconds: 60,
    logger,
  });
  const verifier = createVerifier({
    clientId: `decentralized_identifier:${identity.did}`,
    kid: identity.kid,
    signer: await ports.party.keyStore.signer(identity.assertionKey),
    baseUrl: config.http.origin,
    keyStore: ports.party.keyStore,
    store: ports.party.store,
    issuerKeys: createIssuerTrust({ resolver, registry, clock }),
    resolver,
    status,
    registry,
    vct: PHONE_NUMBER_VCT,
    clock,
    random,
    logger,
  });
  const bridge = await createBridge({
    url: config.http.origin,
    instance: config.instance,
    party: { did: identity.did, kid: identity.kid, name: config.name },
    keyStore: ports.party.keyStore,
    store: ports.party.store,
    registry,
    verifier,
    status,
    clock,
    random,
    logger,
    walletUrl: role.walletUrl,
    subjectVersion: role.subjectVersion,
  });
  const authenticate = createPartyAuthenticator({ resolver, audience: config.http.origin, clock });
  status.start();
  // Until the first round is over no card can be accepted; lists that did not answer then fail one by one.
  let statusAsked = false;
  const asked = () => {
    statusAsked = true;
  };
  void status.refreshNow().then(asked, asked);
  const parts: RoleParts = {
    routes: [...bridge.routes, ...appSecretRoutes({ bridge, registry, authenticate })],
    fallback: bridge.handler,
    ready: () => statusAsked,
    stop: async () => {
      status.stop();
      await bridge.close();
    },
  };
  return { bridge, parts };
}

async function wallet(
  { config, ports }: Context,
  role: NonNullable<NodeConfig['roles']['wallet']>,
): Promise<RoleParts> {
  const distDir = await buildWallet();
  return {
    routes: walletRoutes({
      distDir,
      config: {
        endpoint: role.endpoint,
        operators: role.operators,
        network: config.network,
        policy: ports.policyText,
      },
    }),
    stop() {},
  };
}

function identityOf(party: Party) {
  const identity = party.identity();
  if (!identity) throw new TypeError('the party has no DID yet: provision it before starting its node');
  return identity;
}
