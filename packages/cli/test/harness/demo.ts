import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Demo {
  readonly dataDir: string;
  readonly ports: {
    readonly start: number;
    readonly operator: (index: number) => number;
    readonly bridge: number;
    readonly wallet: number;
    readonly shop: number;
    readonly forum: number;
  };
  readonly url: (port: number) => string;
  /** Everything the process printed so far, both streams. */
  readonly output: () => string;
  /** Runs another `attestel` command against the same data. */
  readonly run: (...args: string[]) => Promise<{ code: number; out: string; err: string }>;
  /** The signal reaches the whole consortium; apps are its children. */
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Starts `attestel up` as a process of its own, with fresh data unless told, and waits until it says it is up. */
export async function startDemo(
  basePort: number,
  args: readonly string[] = [],
  existingData?: string,
): Promise<Demo> {
  const dataDir = existingData ?? (await newDataDir());
  let output = '';
  let child: ChildProcess;
  const up = async () => {
    child = node(['up', '--port', String(basePort), ...args], dataDir);
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    await saysUp(child, () => output);
  };
  const kill = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await ended;
  };
  await up().catch(async (error: unknown) => {
    await kill('SIGTERM'); // else its ports are taken for whoever comes next
    throw error;
  });
  const overTls = args.includes('--tls');
  const caFile = join(dataDir, 'tls', 'ca.pem');
  // This process talks to the nodes too.
  if (overTls)
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), await readFile(caFile, 'utf8')]);
  return {
    dataDir,
    ports: {
      start: basePort,
      operator: (i) => basePort + 1 + i,
      bridge: basePort + 10,
      wallet: basePort + 20,
      shop: basePort + 31,
      forum: basePort + 32,
    },
    url: (port) => `${overTls ? 'https' : 'http'}://localhost:${port}`,
    output: () => output,
    run: (...command) => collect(node(command, dataDir, overTls ? { NODE_EXTRA_CA_CERTS: caFile } : {})),
    kill,
    restart: async () => {
      output = '';
      await up();
    },
    remove: async () => {
      await kill('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'attestel-demo-'));

export const node = (
  args: readonly string[],
  dataDir: string,
  env: Record<string, string> = {},
): ChildProcess =>
  spawn(process.execPath, ['--conditions=source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ATTESTEL_DATA: dataDir, ...env },
  });

const UP_MS = 180_000;

async function saysUp(child: ChildProcess, output: () => string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`attestel up ended with ${code}:\n${output()}`)));
    child.stdout?.on('data', () => output().includes('consortium is up') && resolve());
    setTimeout(() => reject(new Error(`attestel up does not say so:\n${output()}`)), UP_MS).unref();
  });
}

async function collect(child: ChildProcess): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => (out += chunk));
  child.stderr?.on('data', (chunk) => (err += chunk));
  const code = await new Promise<number>((resolve) => void child.once('close', (c) => resolve(c ?? -1)));
  return { code, out, err };
}
