import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closers } from '../closers.ts';
import type { NodeConfigInput } from '../config.schema.ts';
import { type HttpServer, startHttpServer } from '../http/http-server.ts';
import { createMetrics } from '../http/metrics.ts';
import { parseNodeConfig } from '../load-config.ts';
import { type AttestelNode, createNode } from '../node/create-node.ts';
import { type StartPageModel, startPageRoutes } from '../start-page/start-page.ts';
import type { DemoLedgers } from './demo-ledgers.ts';
import { equipmentRole } from './equipment/operator-ca.ts';
import { DEMO_PLATFORM, demoApps } from './parties.ts';
import type { Provisioned } from './provision.ts';
import { PROVINCES, ROAMING_CHANNEL, SCENARIO_NODES, type ScenarioNode } from './scenarios/participants.ts';
import type { World } from './world.ts';

/** A node per operator, the platform's bridge and wallet, and those of everybody else who runs the scenarios. */
export async function startNodes(
  world: World,
  ledgers: DemoLedgers,
  { founders, participants }: Record<'founders' | 'participants', readonly Provisioned[]>,
  opened: Closers,
): Promise<AttestelNode[]> {
  const { ports, urls } = world;
  const operators = founders.filter((f) => f.roles.includes('operator'));
  const others = world.options.scenarios
    ? [...founders, ...participants].filter(({ id }) => isScenarioNode(id))
    : [];
  const platform = founders.find((f) => f.id === DEMO_PLATFORM.id) as Provisioned;
  const contracts = { peers: peersOf(world, [...operators, platform, ...others]) };
  // Operators deal with each other where no line says who does.
  const blind = world.options.scenarios ? { blindChannels: [ROAMING_CHANNEL] } : {};
  const start = async (who: Provisioned, instance: string, port: number, roles: NodeConfigInput['roles']) => {
    // Parties that do not execute the ledger rely on the first operator's node.
    const own = await ledgers.openFor(ledgers.isExecutor(who) ? who : (operators[0] as Provisioned));
    // Before the node that is followed closes: an open event stream would keep it for a while.
    opened.add(ledgers.stopFollowing);
    const node = await createNode(parseNodeConfig(nodeConfig(world, who, instance, port, roles)), {
      ...own,
      policyText: ledgers.policyText,
      party: who.party,
      clock: world.clock,
      random: world.random,
      ...(world.options.fetch ? { fetch: world.options.fetch } : {}),
    });
    opened.add(() => node.close());
    return node;
  };
  const nodes: AttestelNode[] = [];
  for (const [i, operator] of operators.entries()) {
    const demo = { seed: 20261122, subscribers: 12 };
    nodes.push(
      await start(operator, operator.id, ports.operators[i] as number, {
        resolver: true,
        pki: equipmentRole(operator, i),
        contracts: { ...contracts, ...blind },
        // The start page leads to the first one's.
        installer: true,
        console: {},
        issuer: { walletUrl: urls.wallet, demo, quarantineDays: world.options.quarantineDays ?? 90 },
      }),
    );
  }
  await ledgers.settle();
  const { statusRefreshSeconds } = world;
  nodes.push(
    await start(platform, 'bridge', ports.bridge, {
      bridge: { walletUrl: urls.wallet, statusRefreshSeconds },
      // People's consents are kept there. One host per party: the platform's other node has none.
      contracts,
    }),
  );
  const entries = operators.map((o, i) => ({
    did: o.identity.did,
    name: o.name,
    addUrl: `${urls.operators[i]}/my`,
  }));
  nodes.push(
    await start(platform, 'wallet', ports.wallet, {
      // Wallets ask who an app is when they are shown to it: no operator may see such questions.
      resolver: true,
      wallet: { endpoint: urls.wallet, operators: entries },
    }),
  );
  const startOther = (who: Provisioned) =>
    start(who, who.id, ports[who.id as ScenarioNode], {
      resolver: true,
      contracts,
      console: {},
      ...inspectionsOf(who.id),
    });
  // One that fails must not leave others that start behind its back.
  const tried = await Promise.allSettled(others.map(startOther));
  for (const result of tried) if (result.status === 'rejected') throw result.reason;
  return [...nodes, ...tried.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))];
}

/** Inspectors of a province work at its node. */
function inspectionsOf(id: string): Pick<NodeConfigInput['roles'], 'inspection'> {
  const province = PROVINCES.find(({ unit }) => unit === id);
  return province ? { inspection: { channel: province.channel } } : {};
}

const isScenarioNode = (id: string): id is ScenarioNode => SCENARIO_NODES.some((node) => node === id);

/** Nodes that run the scenarios, by the DIDs of their parties. */
function peersOf(world: World, parties: readonly Provisioned[]): Readonly<Record<string, string>> {
  const peers = parties.map(({ id, identity }) => [identity.did, contractNodeOf(world, id)] as const);
  return Object.fromEntries(peers);
}

/** Origin of the node at which a party runs the scenarios. */
export function contractNodeOf({ ports, urls, operators, origin }: World, id: string): string {
  if (isScenarioNode(id)) return origin(ports[id]);
  return urls.operators[operators.findIndex((operator) => operator.id === id)] ?? urls.bridge;
}

const nodeConfig = (
  world: World,
  who: Provisioned,
  instance: string,
  port: number,
  roles: NodeConfigInput['roles'],
): NodeConfigInput => ({
  instance,
  network: world.network,
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

/** The page that `npm start` prints first. */
export async function startPage(
  world: World,
  founders: readonly Provisioned[],
  { equipment, scenarios, doors }: Pick<StartPageModel, 'equipment' | 'scenarios' | 'doors'>,
): Promise<HttpServer> {
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
      ...{ equipment, scenarios, doors, origin: urls.start },
    }),
    logger: world.logger,
    metrics: createMetrics('start'),
    random: world.random,
    ready: () => true,
  });
}
