import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { silentLogger } from '@attestel/core';
import { type MemberNode, parseNodeConfig, startMemberNode } from '@attestel/server';
import { attestel, type Ran } from './attestel.ts';

/** An operator that orders a ledger alone, in this process. */
export interface SoloNode {
  readonly url: string;
  /** Its configuration file. */
  readonly config: string;
  readonly policyFile: string;
  /** Prepares the ledger. */
  found(origin?: string): Promise<Ran>;
  /** Runs until {@link stop}; settings stand over those of the file. */
  start(solo?: object): Promise<MemberNode>;
  stop(): Promise<void>;
}

export const SOLO_PASSPHRASE = 'of this test';

/** Its files are in the folder, its keys and its ledger in the one of its name below. */
export async function soloNode(folder: string, name: string): Promise<SoloNode> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [config, policyFile] = [join(folder, `${name}.json`), join(folder, `${name}-policy.txt`)];
  const input = {
    instance: name,
    network: `${name}-net`,
    dataDir: join(folder, name),
    name: { 'zh-CN': '运营', en: 'Operator' },
    http: { origin: url, port },
    ledger: { solo: { policyFile, genesisFile: join(folder, `${name}-genesis.cbor`) } },
    roles: { resolver: true },
    logLevel: 'silent',
  };
  await writeFile(config, JSON.stringify(input));
  let running: MemberNode | undefined;
  return {
    url,
    config,
    policyFile,
    found: (origin = `ledger.example/${name}`) =>
      attestel('node', 'found', '--config', config, '--origin', origin, '--json'),
    async start(solo = {}) {
      const given = JSON.parse(await readFile(config, 'utf8'));
      Object.assign(given.ledger.solo, solo);
      const secret = { passphrase: SOLO_PASSPHRASE, logger: silentLogger };
      running = await startMemberNode(parseNodeConfig(given), secret);
      return running;
    },
    async stop() {
      await running?.close();
      running = undefined;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', () => resolve()));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
