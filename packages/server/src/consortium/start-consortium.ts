import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, type Random, systemClock, systemRandom } from '@attestel/core';
import { PHONE_NUMBER_VCT } from '@attestel/credentials';
import { actorKeys, didModule } from '@attestel/did';
import { type Ledger, openLedger, openLmdbStore } from '@attestel/ledger';
import type { Bridge as OidcBridge } from '@attestel/oidc-bridge';
import { registryModule } from '@attestel/registry';
import type { NodeConfigInput } from '../config.schema.ts';
import { startHttpServer } from '../http/http-server.ts';
import { createMetrics } from '../http/metrics.ts';
import { parseNodeConfig } from '../load-config.ts';
import { createLogger } from '../log.ts';
import { type AttestelNode, createNode } from '../node/create-node.ts';
import { openParty, type Party } from '../node/open-party.ts';
import { startPageRoutes } from '../start-page/start-page.ts';
import { ensureLoopbackTls, type LoopbackTls, trustLoopback } from './loopback-tls.ts';
import {
  DEMO_FOUNDERS,
  DEMO_OPERATORS,
  DEMO_PLATFORM,
  type DemoParty,
  type DemoPorts,
  demoApps,
  demoPorts,
} from './parties.ts';
import {
  ensureGenesis,
  ensureIdentity,
  ensureRegistered,
  ensureRoot,
  operatorLeaf,
  type Provisioned,
  type Provisioner,
} from './provision.ts';

/** Stands in the source for everyone to read, which is why production refuses it. */
const DEMO_PASSPHRASE = 'attestel demo: not a secret';
const DEMO_NETWORK = 'demo';

export interface ConsortiumOptions {
  readonly dataDir: string;
  readonly basePort: number;
  /** How many of the three operators take part. */
  readonly operators?: number;
  readonly host?: string;
  readonly statusRefreshSeconds?: number;
  /** Serve everything but the apps over TLS, with a certificate for localhost made on the spot. */
  readonly tls?: boolean;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly clock?: Clock;
  readonly random?: Random;
  readonly fetch?: typeof fetch;
  readonly progress?: (line: string) => void;
}

export interface Consortium {
  readonly urls: {
    readonly start: string;
    readonly operators: readonly string[];
    readonly bridge: string;
    readonly wallet: string;
    readonly shop: string;
    readonly forum: string;
  };
  readonly ports: DemoPorts;
  readonly ledger: Ledger;
  readonly nodes: readonly AttestelNode[];
  /** PEM file of the root that other processes must trust, when the demo runs over TLS. */
  readonly caFile: string | undefined;
  /** Client secret of a demo app, for starting it. */
  clientSecret(clientId: string): Promise<string>;
  close(): Promise<void>;
}

/** A whole consortium in one process: own keys and stores per party, one solo ledger, real HTTP between them. */
export async function startConsortium(options: ConsortiumOptions): Promise<Consortium> {
  const tls = options.tls
    ? await ensureLoopbackTls(options.dataDir, options.clock ?? systemClock)
    : undefined;
  if (tls) await trustLoopback(tls);
  const world = describe(options, tls);
  const progress = options.progress ?? (() => {});
  progress('opening the parties’ key stores');
  const parties = await openParties(world);
  const root = await ensureRoot(parties.get(DEMO_PLATFORM.id) as Party, world);
  const founders: Provisioned[] = [];
  for (const founder of world.founders) founders.push(await provision(world, founder, parties, root));
  progress('opening the ledger');
  const ledger = await openDemoLedger(
    world,
    founders,
    root.certificate,
    parties.get((DEMO_OPERATORS[0] as DemoParty).id) as Party,
  );
  await register(world, ledger, founders);
  progress('starting the nodes');
  const nodes = await startNodes(world, ledger, founders);
  const bridge = nodes.map((node) => node.bridge).find((b) => b !== undefined) as OidcBridge;
  const start = await startPage(world, founders);
  return {
    urls: world.urls,
    ports: world.ports,
    ledger,
    nodes,
    caFile: tls?.caFile,
    clientSecret: (clientId) => bridge.clientSecret(clientId),
    async close() {
      await start.close();
      for (const node of nodes) await node.close();
      await ledger.close();
      for (const party of parties.values()) await party.close();
    },
  };
}

type World = ReturnType<typeof describe>;

function describe(options: ConsortiumOptions, tls: LoopbackTls | undefined) {
  const count = options.operators ?? DEMO_OPERATORS.length;
  const ports = demoPorts(options.basePort, count);
  const scheme = tls ? 'https' : 'http';
  const origin = (port: number) => `${scheme}://localhost:${port}`;
  // The apps are outsiders: they serve plain http on loopback also when everything else is TLS.
  const appOrigin = (port: number) => `http://localhost:${port}`;
  const logLevel = options.logLevel ?? 'warn';
  const p: Provisioner = {
    network: DEMO_NETWORK,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  };
  return {
    ...p,
    options,
    tls,
    ports,
    origin,
    appOrigin,
    logLevel,
    operators: DEMO_OPERATORS.slice(0, count),
    founders: DEMO_FOUNDERS.filter((f) => !f.roles.includes('operator') || DEMO_OPERATORS.indexOf(f) < count),
    statusRefreshSeconds: options.statusRefreshSeconds ?? 30,
    logger: createLogger(logLevel, { node: 'consortium' }) as Logger,
    urls: {
      start: origin(ports.start),
      operators: ports.operators.map(origin),
      bridge: origin(ports.bridge),
      wallet: origin(ports.wallet),
      shop: appOrigin(ports.shop),
      forum: appOrigin(ports.forum),
    },
  };
}

async function openParties(world: World): Promise<Map<string, Party>> {
  const parties = new Map<string, Party>();
  for (const { id } of world.founders) {
    parties.set(
      id,
      await openParty({ dataDir: join(world.options.dataDir, id), passphrase: DEMO_PASSPHRASE }),
    );
  }
  return parties;
}

async function provision(
  world: World,
  founder: DemoParty,
  parties: Map<string, Party>,
  root: Awaited<ReturnType<typeof ensureRoot>>,
): Promise<Provisioned> {
  const party = parties.get(founder.id) as Party;
  const index = world.operators.indexOf(founder);
  if (index < 0) return ensureIdentity(founder, party, world, []);
  const url = world.urls.operators[index] as string;
  const services = [{ fragment: 'issuer', type: 'OpenID4VCI', serviceEndpoint: url }];
  return ensureIdentity(founder, party, world, services, operatorLeaf(root, founder, url, world.clock));
}

async function openDemoLedger(
  world: World,
  founders: readonly Provisioned[],
  root: Uint8Array,
  sequencer: Party,
): Promise<Ledger> {
  const ref = 'ledger/checkpoint';
  if (!(await sequencer.keyStore.find(ref)))
    await sequencer.keyStore.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref });
  return openLedger({
    network: DEMO_NETWORK,
    origin: `attestel.demo/${DEMO_NETWORK}/v0`,
    store: await openLmdbStore({ path: join(world.options.dataDir, 'ledger') }),
    modules: [didModule, registryModule],
    actorKeys,
    signer: await sequencer.keyStore.signer(ref),
    clock: world.clock,
    logger: world.logger,
    genesis: await ensureGenesis(world.options.dataDir, founders, [root], world),
  });
}

async function register(world: World, ledger: Ledger, founders: readonly Provisioned[]): Promise<void> {
  const operators = founders
    .filter((f) => f.roles.includes('operator'))
    .map((f, i) => ({ ...f, url: world.urls.operators[i] as string }));
  const platform = founders.find((f) => f.id === DEMO_PLATFORM.id) as Provisioned;
  const common = {
    member: platform.identity.did,
    authentication: 'client_secret_basic',
    jwks: null,
    secretVersion: 1,
  } as const;
  const apps = demoApps(world.appOrigin, world.ports).map((app) => ({
    clientId: app.clientId,
    body: { ...app, ...common },
  }));
  const voters = [...operators.slice(0, 1), platform];
  await ensureRegistered(
    ledger,
    { operators, bridge: { ...platform, url: world.urls.bridge }, voters, vct: PHONE_NUMBER_VCT, apps },
    world,
  );
}

async function startNodes(
  world: World,
  ledger: Ledger,
  founders: readonly Provisioned[],
): Promise<AttestelNode[]> {
  const { ports, urls } = world;
  const operators = founders.filter((f) => f.roles.includes('operator'));
  const platform = founders.find((f) => f.id === DEMO_PLATFORM.id) as Provisioned;
  const start = (who: Provisioned, instance: string, port: number, roles: NodeConfigInput['roles']) =>
    createNode(parseNodeConfig(nodeConfig(world, who, instance, port, roles)), {
      ledger,
      party: who.party,
      clock: world.clock,
      random: world.random,
      ...(world.options.fetch ? { fetch: world.options.fetch } : {}),
    });
  const nodes: AttestelNode[] = [];
  for (const [i, operator] of operators.entries()) {
    const demo = { seed: 20261122, subscribers: 12 };
    nodes.push(
      await start(operator, operator.id, ports.operators[i] as number, {
        resolver: true,
        issuer: { walletUrl: urls.wallet, demo },
      }),
    );
  }
  const { statusRefreshSeconds } = world;
  nodes.push(
    await start(platform, 'bridge', ports.bridge, {
      bridge: { walletUrl: urls.wallet, statusRefreshSeconds },
    }),
  );
  const entries = operators.map((o, i) => ({
    did: o.identity.did,
    name: o.name,
    addUrl: `${urls.operators[i]}/my`,
  }));
  nodes.push(
    await start(platform, 'wallet', ports.wallet, {
      wallet: { endpoint: urls.operators[0] as string, operators: entries },
    }),
  );
  return nodes;
}

const nodeConfig = (
  world: World,
  who: Provisioned,
  instance: string,
  port: number,
  roles: NodeConfigInput['roles'],
): NodeConfigInput => ({
  instance,
  network: DEMO_NETWORK,
  dataDir: join(world.options.dataDir, who.id),
  name: who.name,
  http: {
    origin: world.origin(port),
    host: world.options.host ?? '127.0.0.1',
    port,
    ...(world.tls ? { tls: { certFile: world.tls.certFile, keyFile: world.tls.keyFile } } : {}),
  },
  roles,
  logLevel: world.logLevel,
  environment: 'demo',
});

async function startPage(world: World, founders: readonly Provisioned[]) {
  const { urls } = world;
  const operators = founders.filter((f) => f.roles.includes('operator'));
  const apps = demoApps(world.appOrigin, world.ports);
  const appUrls = [urls.shop, urls.forum];
  return startHttpServer({
    origin: urls.start,
    host: world.options.host ?? '127.0.0.1',
    port: world.ports.start,
    tls: world.tls && {
      cert: await readFile(world.tls.certFile, 'utf8'),
      key: await readFile(world.tls.keyFile, 'utf8'),
    },
    routes: startPageRoutes({
      operators: operators.map((o, i) => ({ name: o.name, url: `${urls.operators[i]}/my` })),
      apps: apps.map((app, i) => ({ name: app.name, url: appUrls[i] as string })),
      walletUrl: urls.wallet,
      issuerUrl: urls.bridge,
      statusRefreshSeconds: world.statusRefreshSeconds,
    }),
    logger: world.logger,
    metrics: createMetrics('start'),
    random: world.random,
    ready: () => true,
  });
}
