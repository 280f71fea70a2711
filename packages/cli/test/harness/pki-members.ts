import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CborValue,
  createMemoryStore,
  silentLogger,
  systemClock,
  systemRandom,
  unixSeconds,
} from '@attestel/core';
import { createOrganisation } from '@attestel/did';
import { type Ledger, openLedger, proofCrypto, witnessVerifierKey } from '@attestel/ledger';
import { createPolicy, formatPolicy } from '@attestel/proof';
import { buildRegistryOperation } from '@attestel/registry';
import {
  createNode,
  LEDGER_RULES,
  type NodeConfigInput,
  openParty,
  type Party,
  parseNodeConfig,
} from '@attestel/server';
import { DEMO_PASSPHRASE } from '@attestel/server/data-folder';
import { attestel, type Ran } from './attestel.ts';

const NETWORK = 'cells';
const ROLES = { zhonglian: ['operator'], huatong: ['operator'], vendor: ['vendor'] } as const;
type Name = keyof typeof ROLES;
const NAMES = Object.keys(ROLES) as readonly Name[];

/** Two operators and a vendor, each with a data folder and a node of its own, on one ledger. Nodes that run contracts know each other. */
export interface PkiMembers {
  readonly dataDir: string;
  readonly policyFile: string;
  readonly did: Readonly<Record<Name, string>>;
  readonly node: Readonly<Record<Name, string>>;
  readonly ledger: Ledger;
  /** A path below the data folder. */
  file(name: string): string;
  /** Runs a command with `--json` at a node; the data folder is set. */
  run(node: Name, ...args: string[]): Promise<Ran & { readonly data: Answer }>;
  /** A node goes away. */
  stop(name: Name): Promise<void>;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: what a program reads from --json
type Answer = any;

export async function startPkiMembers(
  roles: NodeConfigInput['roles'] = { resolver: true, pki: {} },
): Promise<PkiMembers> {
  const dataDir = await mkdtemp(join(tmpdir(), 'attestel-pki-members-'));
  const file = (name: string): string => join(dataDir, name);
  const parties = new Map<Name, Party>();
  for (const name of NAMES) {
    parties.set(
      name,
      await openParty({ dataDir: file(name), passphrase: DEMO_PASSPHRASE, scryptN: 2 ** 10 }),
    );
  }
  const { ledger, did, policyText } = await foundLedger(parties);
  await writeFile(file('policy.txt'), policyText);
  const nodes = new Map<Name, Awaited<ReturnType<typeof createNode>>>();
  const ports = new Map<Name, number>();
  for (const name of NAMES) ports.set(name, await freePort());
  const originOf = (name: Name): string => `http://localhost:${ports.get(name)}`;
  const peers = Object.fromEntries(NAMES.map((name) => [did[name], originOf(name)]));
  for (const [name, party] of parties) {
    const config = parseNodeConfig({
      ...{ instance: name, network: NETWORK, dataDir: file(name), name: { en: name, 'zh-CN': name } },
      http: { origin: originOf(name), port: ports.get(name) ?? 0 },
      roles: roles.contracts ? { ...roles, contracts: { ...roles.contracts, peers } } : roles,
      logLevel: 'silent',
    });
    nodes.set(name, await createNode(config, { ledger, party, policyText, logger: silentLogger }));
  }
  const perName = <T>(of: (name: Name) => T) =>
    Object.fromEntries(NAMES.map((name) => [name, of(name)])) as Record<Name, T>;
  const node = perName((name) => nodes.get(name)?.origin as string);
  const stop = async (name: Name): Promise<void> => {
    await nodes.get(name)?.close();
    nodes.delete(name);
  };
  return {
    ...{ dataDir, policyFile: file('policy.txt'), did, node, ledger, file, stop },
    async run(at, ...args) {
      const ran = await attestel(...args, '--data', dataDir, '--node', node[at], '--json');
      return { ...ran, data: JSON.parse(ran.out || 'null') };
    },
    async close() {
      for (const name of nodes.keys()) await stop(name);
      await ledger.close();
      for (const party of parties.values()) await party.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The ledger of these founders, cosigned by one witness. */
async function foundLedger(parties: ReadonlyMap<Name, Party>) {
  const notAfter = unixSeconds(systemClock) + 3600;
  const made = await Promise.all(
    Array.from(parties, async ([name, party]) => {
      const { keyStore } = party;
      const ports = { keyStore, network: NETWORK, prefix: 'member', services: [], random: systemRandom };
      const { did, kid, refs, operation } = await createOrganisation({ ...ports, notAfter });
      const keys = { assertionKey: refs.key, ledgerKey: refs.ledger };
      await party.saveIdentity({ did, kid, ...keys, createOperation: new Uint8Array(), certificates: [] });
      return { name, did, operation, signer: await keyStore.signer(refs.ledger) };
    }),
  );
  const registered = (kind: 'genesis' | 'upgrade', body: { [field: string]: CborValue }, sequence: number) =>
    buildRegistryOperation({
      ...{ kind, body, sequence, actor: made[0]?.did ?? '', network: NETWORK, notAfter },
      signers: made.map(({ signer }) => signer),
    });
  const founders = made.map(({ name, did }) => ({
    ...{ did, name: { en: name, 'zh-CN': name }, roles: [...ROLES[name]] },
  }));
  const thresholds = { admissionThreshold: 2, accreditationThreshold: 2 };
  const genesis = [
    ...made.map(({ operation }) => operation),
    await registered('genesis', { founders, ...thresholds, trustAnchors: [] }, 0),
    await registered('upgrade', { sm: 3, height: 2 }, 1),
  ];
  const { keyStore } = parties.get('zhonglian') as Party;
  for (const ref of ['log', 'witness'])
    await keyStore.generate({ ref, purpose: 'checkpoint', algorithm: 'EdDSA' });
  const witness = {
    ...{ name: 'ledger.example/own', signer: await keyStore.signer('witness'), clock: systemClock },
  };
  const own = { name: 'own', keyName: witness.name, publicKey: witnessVerifierKey(witness).publicKey };
  const policy = createPolicy(
    { origin: 'ledger.example/cells', logs: [], witnesses: [own], groups: [], quorum: 'own' },
    proofCrypto.sha256,
  );
  const ledger = await openLedger({
    ...{ ...LEDGER_RULES, network: NETWORK, origin: policy.origin, store: createMemoryStore() },
    ...{ signer: await keyStore.signer('log'), witness, policy, clock: systemClock, logger: silentLogger },
    genesis,
    collectMilliseconds: 0,
  });
  const did = Object.fromEntries(made.map((one) => [one.name, one.did])) as Record<Name, string>;
  return { ledger, did, policyText: formatPolicy(policy) };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', () => resolve()));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
