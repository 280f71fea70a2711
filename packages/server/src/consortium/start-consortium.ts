import { join } from 'node:path';
import { type Bytes, systemClock, systemRandom } from '@attestel/core';
import { PHONE_NUMBER_VCT } from '@attestel/credentials';
import type { Ledger } from '@attestel/ledger';
import type { Bridge as OidcBridge } from '@attestel/oidc-bridge';
import { createPki } from '@attestel/pki';
import type { ContractHost } from '@attestel/scenarios';
import { type Closers, startWhole } from '../closers.ts';
import type { AttestelNode } from '../node/create-node.ts';
import { openParty, type Party } from '../node/open-party.ts';
import { assertSameDriver } from './assert-same-driver.ts';
import { openCometDemoLedgers } from './comet-demo-ledgers.ts';
import { DEMO_PASSPHRASE, DEMO_SCRYPT_N } from './demo-constants.ts';
import { demoDoors, isOnThisMachine } from './demo-doors.ts';
import { openDemoLedgers } from './demo-ledgers.ts';
import { demoNetwork } from './demo-network.ts';
import { policyFile } from './demo-witnesses.ts';
import { ensureEquipment } from './equipment/ensure-equipment.ts';
import { ensureLoopbackTls, trustLoopback } from './loopback-tls.ts';
import { DEMO_PLATFORM, type DemoParty, type DemoPorts, demoApps } from './parties.ts';
import { ensureIdentity, ensureRegistered, ensureRoot, operatorLeaf, type Provisioned } from './provision.ts';
import { ensureParticipants, openParticipants } from './scenarios/ensure-participants.ts';
import { type Preparing, prepareScenarios } from './scenarios/prepare-scenarios.ts';
import { scenarioPictures } from './scenarios/scenario-pictures.ts';
import { contractNodeOf, startNodes, startPage } from './start-nodes.ts';
import { submitPatiently } from './submit-patiently.ts';
import { type ConsortiumOptions, describeWorld, type World } from './world.ts';

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
  /** How far their first objects are; undefined where they were not asked for. */
  readonly scenarios: Preparing | undefined;
  /** PEM file of the root that other processes must trust, when the demo runs over TLS. */
  readonly caFile: string | undefined;
  /** File with the policy: whose cosignatures make the ledger's checkpoints count. */
  readonly policyFile: string;
  /** Client secret of a demo app, for starting it. */
  clientSecret(clientId: string): Promise<string>;
  close(): Promise<void>;
}

/** A whole consortium in one process: own keys and stores per party, one ledger that every operator executes and cosigns,
 * real HTTP between them. A start that fails leaves nothing running. */
export const startConsortium = (options: ConsortiumOptions): Promise<Consortium> =>
  startWhole((opened) => start(options, opened));

async function start(options: ConsortiumOptions, opened: Closers): Promise<Consortium> {
  const tls = options.tls
    ? await ensureLoopbackTls(options.dataDir, options.clock ?? systemClock)
    : undefined;
  if (tls) await trustLoopback(tls);
  const network = await demoNetwork(options.dataDir, options.random ?? systemRandom);
  const world = describeWorld(options, network, tls);
  const progress = options.progress ?? (() => {});
  assertSameDriver(world);
  progress('opening the parties’ key stores');
  const parties = await openParties(world);
  for (const party of parties.values()) opened.add(() => party.close());
  const root = await ensureRoot(parties.get(DEMO_PLATFORM.id) as Party, world);
  const founders: Provisioned[] = [];
  for (const founder of world.founders) founders.push(await provision(world, founder, parties, root));
  progress('opening the ledger');
  const open = world.driver === 'cometbft' ? openCometDemoLedgers : openDemoLedgers;
  const ledgers = await open(world, founders, root.certificate);
  opened.add(() => ledgers.close());
  const { ledger } = ledgers;
  const patient = submitPatiently(ledger, progress);
  await register(world, patient, founders);
  const folders = options.scenarios ? await openParticipants(world) : [];
  for (const folder of folders) opened.add(() => folder.close());
  const participants = options.scenarios ? await ensureParticipants(world, patient, folders) : [];
  progress('publishing the demo’s equipment');
  const equipment = await ensureEquipment(world, patient, founders);
  progress('starting the nodes');
  const nodes = await startNodes(world, ledgers, { founders, participants }, opened);
  const bridge = nodes.map((node) => node.bridge).find((b) => b !== undefined) as OidcBridge;
  const pki = createPki(ledger);
  const check = (certificate: Bytes) => pki.check(certificate).verdict;
  const node = world.urls.operators[0] as string;
  const everybody = [...founders, ...participants];
  const shown = options.scenarios && {
    state: () => scenarios?.state() ?? 'preparing',
    pictures: picturesOf(world, everybody),
  };
  const page = await startPage(world, founders, {
    equipment: { items: equipment, check, node },
    ...(shown && { scenarios: shown }),
    doors: {
      doors: demoDoors(world, nodes, everybody),
      areOpen: isOnThisMachine(world),
      tag: () => scenarios?.tagLink(),
    },
  });
  opened.add(page.close);
  const scenarios = options.scenarios
    ? prepareScenarios(world, patient, contractsOf(world, nodes), everybody)
    : undefined;
  opened.add(async () => scenarios?.stop());
  return {
    urls: world.urls,
    ports: world.ports,
    ledger,
    nodes,
    caFile: tls?.caFile,
    policyFile: policyFile(options.dataDir),
    clientSecret: (clientId) => bridge.clientSecret(clientId),
    scenarios,
    close: opened.close,
  };
}

/** Where each party's contracts run. */
const contractsOf = (world: World, nodes: readonly AttestelNode[]) => {
  const nodeOf = (id: string): string => contractNodeOf(world, id);
  const hostOf = (id: string): ContractHost => {
    const host = nodes.find(({ origin }) => origin === nodeOf(id))?.contracts;
    if (!host) throw new TypeError(`demo: no contracts of ${id}`);
    return host;
  };
  return { nodeOf, hostOf };
};

const picturesOf = (world: World, everybody: readonly Provisioned[]) =>
  scenarioPictures({
    who: (id) => everybody.find((party) => party.id === id) as Provisioned,
    nodeOf: (id) => contractNodeOf(world, id),
    operators: world.operators.map(({ id }) => id),
    month: new Date(world.clock.now()).toISOString().slice(0, 7),
  });

async function openParties(world: World): Promise<Map<string, Party>> {
  const secret = { passphrase: DEMO_PASSPHRASE, scryptN: DEMO_SCRYPT_N };
  const open = async ({ id }: DemoParty) =>
    [id, await openParty({ dataDir: join(world.options.dataDir, id), ...secret })] as const;
  return new Map(await Promise.all(world.founders.map(open)));
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
