import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { atExit } from '../at-exit.ts';
import { freePort } from '../free-port.ts';
import { postJson } from './post-json.ts';
import { createPoster, type Poster } from './poster.ts';

const CLIENTS = 8;
const REQUESTS = 16;

/** @throws Error where the program is not installed: a ratio without its peer would be none */
export function assertCfssl(): void {
  if (spawnSync('cfssl', ['version'], { stdio: 'ignore' }).error) {
    throw new Error('bench: pki needs `cfssl` (Debian: golang-cfssl), which is not installed');
  }
}

export interface CfsslTimes {
  /** Asked by Node's own client. */
  readonly seconds: number;
  /** Asked by a client that costs next to nothing: the most that the server gives. */
  readonly leastSeconds: number;
}

/** In which `cfssl serve` signs so many P-256 requests over HTTP: no ledger, no possession beyond the request's. */
export async function cfsslTimes(folder: string, count: number): Promise<CfsslTimes> {
  const at = (name: string): string => join(folder, name);
  const requests = prepare(at);
  const port = await freePort();
  const child = spawn(
    'cfssl',
    [
      ...['serve', '-address=127.0.0.1', `-port=${port}`, `-ca=${at('ca.pem')}`, `-ca-key=${at('ca.key')}`],
      ...[`-config=${at('config.json')}`, '-loglevel=5'],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  const letGo = atExit(() => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}/api/v1/cfssl/sign`;
  const poster = createPoster(url, CLIENTS);
  try {
    await listening(poster, requests[0] as string);
    const some = (amount: number): string[] =>
      Array.from({ length: amount }, (_, i) => requests[i % REQUESTS] as string);
    await poster.all(some(count / 20), isSigned);
    const leastSeconds = await poster.all(some(count), isSigned);
    const client = { url, clients: CLIENTS, check: isSignedJson };
    await postJson(some(count / 20), client);
    return { leastSeconds, seconds: await postJson(some(count), client) };
  } finally {
    poster.close();
    letGo();
    child.kill('SIGKILL');
    await gone;
  }
}

function isSignedJson(answer: unknown): void {
  const { result } = answer as { readonly result?: { readonly certificate?: string } };
  if (!result?.certificate) throw new Error('bench: cfssl signed nothing');
}

function isSigned(answer: Buffer): void {
  if (!answer.includes('-----BEGIN CERTIFICATE-----')) throw new Error('bench: cfssl signed nothing');
}

function prepare(at: (name: string) => string): readonly string[] {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'ignore'] });
  const newKey = (name: string) =>
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at(name));
  newKey('ca.key');
  const root = ['-subj', '/CN=Bench CA', '-days', '9', '-out', at('ca.pem')];
  openssl('req', '-x509', '-new', '-key', at('ca.key'), ...root);
  const signing = { default: { expiry: '8760h', usages: ['digital signature', 'ipsec end system'] } };
  writeFileSync(at('config.json'), JSON.stringify({ signing }));
  return Array.from({ length: REQUESTS }, (_, i) => {
    newKey('device.key');
    openssl('req', '-new', '-key', at('device.key'), '-subj', `/CN=Cell ${i}`, '-out', at('device.csr'));
    return JSON.stringify({ certificate_request: readFileSync(at('device.csr'), 'utf8') });
  });
}

async function listening(poster: Poster, body: string): Promise<void> {
  for (let tries = 100; ; tries--) {
    try {
      await poster.all([body], isSigned);
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await setTimeout(50);
    }
  }
}
