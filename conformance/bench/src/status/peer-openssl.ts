import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { atExit } from '../at-exit.ts';
import { processCpuSeconds } from '../process-cpu.ts';
import { askForStatus } from './ocsp-client.ts';
import { type Published, requestsFor } from './published.ts';
import type { Responder } from './responder.ts';

export interface Peer {
  readonly responder: Responder;
  stop(): Promise<void>;
}

/** `openssl ocsp` as a responder: it knows the same certificates, signs each answer afresh with P-256, and ends each connection. */
export async function startOpensslOcsp(published: Published, folder: string, port: number): Promise<Peer> {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  writeFileSync(at('ca.der'), published.ca);
  openssl('x509', '-inform', 'DER', '-in', at('ca.der'), '-out', at('ca.crt'));
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at('ocsp.key'));
  openssl(
    ...['req', '-x509', '-new', '-key', at('ocsp.key'), '-subj', '/CN=OCSP', '-days', '9'],
    ...['-out', at('ocsp.crt')],
  );
  const line = (serial: string): string => `V\t361231235959Z\t\t${serial}\tunknown\t/CN=${serial}\n`;
  writeFileSync(at('index.txt'), published.serials.map(line).join(''));
  const child = spawn(
    'openssl',
    [
      ...['ocsp', '-port', String(port), '-index', at('index.txt'), '-CA', at('ca.crt'), '-nmin', '5'],
      ...['-rsigner', at('ocsp.crt'), '-rkey', at('ocsp.key')],
    ],
    { stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  const letGo = atExit(() => void child.kill('SIGKILL'));
  const stop = async (): Promise<void> => {
    letGo();
    child.kill('SIGKILL');
    await gone;
  };
  const responder = { port, path: '/', cpuSeconds: async () => processCpuSeconds(child.pid) };
  try {
    await listening(responder, published);
  } catch (error) {
    await stop();
    throw error;
  }
  return { responder, stop };
}

/** By a request of its own kind: it ends over others. */
async function listening(responder: Responder, published: Published): Promise<void> {
  const requests = requestsFor(published).slice(0, 1);
  for (let tries = 100; ; tries--) {
    try {
      await askForStatus({ ...responder, requests, keepsConnections: false, seconds: 0.01 });
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await setTimeout(50);
    }
  }
}
