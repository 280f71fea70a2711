import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_PASSPHRASE } from '@attestel/server/data-folder';
import { attestel } from './attestel.ts';
import { type Demo, node } from './demo.ts';

export interface FollowerNode {
  readonly url: string;
  /** Everything it printed so far. */
  output(): string;
  /** Entries that it has executed. */
  size(): Promise<number>;
  stop(): Promise<void>;
}

const UP_MS = 60_000;

/** A party's own node, as a process: it follows the demo's ledger with the keys of its folder and cosigns it. */
export async function startFollower(
  demo: Demo,
  { folder, name, port }: { readonly folder: string; readonly name: string; readonly port: number },
): Promise<FollowerNode> {
  const url = `http://localhost:${port}`;
  const [configFile, policyFile] = [join(folder, 'node.json'), join(folder, 'policy.txt')];
  const policy = await readFile(join(demo.dataDir, 'policy.txt'), 'utf8');
  const [, checkpointKey = ''] = /^log (\S+)/m.exec(policy) ?? [];
  const origin = checkpointKey.split('+', 1)[0] as string;
  const config = {
    instance: name,
    network: origin.split('/').at(-1),
    dataDir: folder,
    name: { 'zh-CN': name, en: name },
    http: { origin: url, port },
    ledger: {
      follow: {
        url: demo.url(demo.ports.operator(0)),
        checkpointKey,
        policyFile,
        pollSeconds: 0.5,
      },
    },
    roles: { resolver: true },
    logLevel: 'warn',
  };
  await writeFile(configFile, JSON.stringify(config));
  process.env.ATTESTEL_PASSPHRASE ??= DEMO_PASSPHRASE;
  const witness = await attestel('node', 'witness', '--config', configFile, '--name', `${origin}/${name}`);
  // In its own copy alone: whose cosignatures count stays as it is.
  await writeFile(policyFile, policy.replace(/^group/m, `${witness.out.trim()}\ngroup`));
  const child = node(['node', '--config', configFile], folder);
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  await saysUp(child, () => output);
  return {
    url,
    output: () => output,
    async size() {
      const page = await (await fetch(`${url}/v1/ledger/entries?limit=1`)).json();
      return page.size;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Resolves once a node of its own says that it is up. */
export async function saysUp(child: ChildProcess, output: () => string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`attestel node ended with ${code}:\n${output()}`)));
    child.stdout?.on('data', () => output().includes('is up at') && resolve());
    setTimeout(() => reject(new Error(`attestel node does not say it is up:\n${output()}`)), UP_MS).unref();
  });
}
