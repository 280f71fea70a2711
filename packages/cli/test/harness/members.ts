import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCbor, systemClock, systemRandom, unixSeconds } from '@attestel/core';
import {
  createLedgerClient,
  encodeOperation,
  ensureEngineKeys,
  formatEngineGenesis,
  type Operation,
  proofCrypto,
  witnessVerifierKey,
} from '@attestel/ledger';
import { createPolicy, formatPolicy } from '@attestel/proof';
import { buildChannelOperation } from '@attestel/registry';
import { engineHome, openParty } from '@attestel/server';
import { DEMO_PASSPHRASE } from '@attestel/server/data-folder';
import { ensureGenesis, makeIdentity, type Provisioned } from '../../../server/src/consortium/provision.ts';
import { ensureLogSigner, logKeyText } from '../../../server/src/node/log-key.ts';
import { ensureWitnessSigner } from '../../../server/src/node/witness-key.ts';
import { actAs } from '../../src/data-folder.ts';
import { attestel } from './attestel.ts';
import { claimPorts } from './claim-ports.ts';
import { node } from './demo.ts';
import { saysUp } from './member-node.ts';

/** In the order of the founding. The last of a ledger under CometBFT has no contracts: it is there to vote. */
export interface MembersOptions {
  readonly names: readonly string[];
  /** `solo`: the first one orders, the others follow and cosign; `cometbft`: all of them order. */
  readonly driver: 'solo' | 'cometbft';
  readonly basePort: number;
  /** Channel that all members with contracts govern and write; lines there may name nobody. */
  readonly channel: string;
}

export interface CallAnswer {
  readonly code: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many modules
  readonly answer: any;
}

/** Members of a consortium, each with a node that is a process of its own with its own keys and stores. */
export interface Members {
  readonly folder: string;
  readonly policyFile: string;
  url(name: string): string;
  did(name: string): string;
  start(name: string): Promise<void>;
  kill(name: string, signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  openChannel(): Promise<void>;
  /** `attestel contract …` as that member at its node, in the channel. */
  call(as: string, ...args: string[]): Promise<CallAnswer>;
  /** The same at another member's node. */
  callAt(at: string, as: string, ...args: string[]): Promise<CallAnswer>;
  /** At the own node, with parameters from a file. */
  callWith(as: string, args: readonly string[], data: unknown): Promise<CallAnswer>;
  /** A GET below `/v1/contracts/MODULE/CHANNEL`, as that member at its node or at another's. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many modules
  read(as: string, module: string, path: string, at?: string): Promise<any>;
  /** First lines of the newest checkpoint: origin, size, root, state. */
  head(name: string): Promise<string>;
  remove(): Promise<void>;
}

const NETWORK = 'members';
const ORIGIN = 'ledger.example/members';
const ALWAYS = { from: 0, until: null };

export async function foundMembers(options: MembersOptions): Promise<Members> {
  const { names, driver, channel } = options;
  const base = await claimPorts(options.basePort);
  const folder = await mkdtemp(join(tmpdir(), 'attestel-members-'));
  const file = (name: string): string => join(folder, name);
  const url = (name: string): string => `http://localhost:${base + 1 + names.indexOf(name)}`;
  process.env.ATTESTEL_PASSPHRASE ??= DEMO_PASSPHRASE;
  const founded = await found(folder, { names, driver });
  const did = (name: string): string => founded.dids.get(name) ?? '';
  const withContracts = driver === 'solo' ? names : names.slice(0, -1);
  const running = new Map<string, ChildProcess>();

  const ledgerOf = (name: string, index: number) => {
    const policyFile = file('policy.txt');
    const others = names.filter((other) => other !== name);
    if (driver === 'cometbft')
      return {
        cometbft: {
          ...{ genesisFile: file('engine-genesis.json'), policyFile, pollSeconds: 0.5 },
          p2pAddress: `127.0.0.1:${base + 20 + index}`,
          rpcAddress: `127.0.0.1:${base + 30 + index}`,
          peers: others.map((other) => ({
            nodeId: founded.engines.get(other) ?? '',
            address: `127.0.0.1:${base + 20 + names.indexOf(other)}`,
            url: url(other),
          })),
        },
      };
    const [first = ''] = names;
    const peers = others.map(url);
    if (name === first)
      return { solo: { policyFile, genesisFile: file('founding.cbor'), peers, pollSeconds: 0.5 } };
    const { checkpointKey } = founded;
    return { follow: { url: url(first), checkpointKey, policyFile, pollSeconds: 0.2 } };
  };
  for (const [index, name] of names.entries()) {
    const peers = Object.fromEntries(withContracts.map((other) => [did(other), url(other)]));
    const config = {
      ...{ instance: name, network: NETWORK, dataDir: file(name), name: { 'zh-CN': name, en: name } },
      http: { origin: url(name), port: base + 1 + index },
      ledger: ledgerOf(name, index),
      roles: {
        resolver: true,
        ...(withContracts.includes(name) && { contracts: { peers, blindChannels: [channel] } }),
      },
      logLevel: 'warn',
    };
    await writeFile(file(`${name}.json`), JSON.stringify(config));
  }

  const callAt = async (at: string, as: string, ...args: string[]): Promise<CallAnswer> => {
    const where = ['--as', as, '--node', url(at), '--data', folder, '--channel', channel, '--json'];
    const { code, out, err } = await attestel('contract', ...args, ...where);
    return { code, answer: JSON.parse(out || err) };
  };
  const call = (as: string, ...args: string[]): Promise<CallAnswer> => callAt(as, as, ...args);
  const kill = async (name: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> => {
    const child = running.get(name);
    running.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
  };
  return {
    ...{ folder, policyFile: file('policy.txt'), url, did, kill, call, callAt },
    async start(name) {
      const child = node(['node', '--config', file(`${name}.json`)], folder);
      running.set(name, child);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
      await saysUp(child, () => output);
    },
    async openChannel() {
      const governors = withContracts.map(did);
      const members = governors.map((one) => ({ did: one, role: 'writer', validity: ALWAYS }));
      const fixed = { governors, threshold: 2, read: 'members', shared: [], validity: ALWAYS };
      const [first = ''] = names;
      const client = createLedgerClient({ url: url(first), fetch });
      const operation = await buildChannelOperation({
        ...{ kind: 'open', body: { channel, ...fixed, members }, ns: 'main', actor: did(first) },
        sequence: await client.sequence('channel', did(first)),
        network: NETWORK,
        notAfter: unixSeconds(systemClock) + 600,
        signers: await Promise.all(
          names.slice(0, 2).map(async (name) => {
            const { keyStore, identity } = await actAs(folder, name);
            return keyStore.signer(identity.ledgerKey);
          }),
        ),
      });
      const [result] = await client.submit([operation]);
      if (!result?.ok) throw result?.error ?? new Error('no result');
    },
    async callWith(as, args, data) {
      const path = file('data.json');
      await writeFile(path, JSON.stringify(data));
      return call(as, ...args, '--in', path);
    },
    async read(as, module, path, at = as) {
      const { token } = await actAs(folder, as);
      const answer = await fetch(`${url(at)}/v1/contracts/${module}/${channel}${path}`, {
        headers: { authorization: `Bearer ${await token(url(at))}` },
      });
      return answer.json();
    },
    head: async (name) =>
      (await (await fetch(`${url(name)}/v1/ledger/checkpoint`)).text()).split('\n').slice(0, 4).join('\n'),
    async remove() {
      await Promise.all([...running.keys()].map((name) => kill(name, 'SIGTERM')));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Keys, identities, the first operations and the policy: what the members agree on before any node runs. */
async function found(folder: string, { names, driver }: Pick<MembersOptions, 'names' | 'driver'>) {
  const ports = { network: NETWORK, clock: systemClock, random: systemRandom };
  const engines = new Map<string, string>();
  const founders: Provisioned[] = [];
  const validators = [];
  const witnesses = [];
  for (const name of names) {
    const dataDir = join(folder, name);
    const party = await openParty({ dataDir, passphrase: DEMO_PASSPHRASE, scryptN: 2 ** 10 });
    const identity = await makeIdentity(party, ports);
    const who = { id: name, name: { 'zh-CN': name, en: name }, roles: rolesOf(name), party, identity };
    founders.push(who);
    const { publicKey } = witnessVerifierKey({
      name: ORIGIN,
      signer: await ensureWitnessSigner(party.keyStore),
    });
    witnesses.push({ name, keyName: `${ORIGIN}/${name}`, publicKey });
    if (driver === 'solo') continue;
    const { nodeId, consensusKey } = await ensureEngineKeys(engineHome(dataDir));
    engines.set(name, nodeId);
    validators.push({ who, key: consensusKey, power: 10 });
  }
  const [first] = founders as [Provisioned];
  const log = await ensureLogSigner(first.party.keyStore);
  const logs = driver === 'solo' ? [{ publicKey: log.publicKey.slice(2) }] : [];
  const groups = [{ name: 'members', threshold: Math.floor((names.length * 2) / 3), members: [...names] }];
  const draft = { origin: ORIGIN, logs, witnesses, groups, quorum: 'members' };
  await writeFile(join(folder, 'policy.txt'), formatPolicy(createPolicy(draft, proofCrypto.sha256)));
  const operations = await ensureGenesis(folder, founders, [], ports, validators);
  await writeGenesis(folder, operations, driver);
  for (const { party } of founders) await party.close();
  return {
    engines,
    checkpointKey: logKeyText(ORIGIN, log),
    dids: new Map(founders.map(({ id, identity }) => [id, identity.did])),
  };
}

const rolesOf = (name: string): Provisioned['roles'] => (name === 'regulator' ? ['regulator'] : ['operator']);

async function writeGenesis(
  folder: string,
  operations: readonly Operation[],
  driver: MembersOptions['driver'],
): Promise<void> {
  if (driver === 'solo')
    return writeFile(join(folder, 'founding.cbor'), encodeCbor(operations.map(encodeOperation)));
  const ledger = { network: NETWORK, origin: ORIGIN, operations };
  const chainId = `attestel-${NETWORK}`;
  const text = formatEngineGenesis({ chainId, timeMs: Date.now(), validators: [], ledger });
  return writeFile(join(folder, 'engine-genesis.json'), text);
}
