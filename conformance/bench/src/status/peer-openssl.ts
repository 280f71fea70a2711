import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { atExit } from '../at-exit.ts';
import { processCpuSeconds } from '../process-cpu.ts';
import { ocspPerCpuSecond, post } from './ocsp-load.ts';
import type { SharedCa } from './openssl-ca.ts';

/** `openssl ocsp` as a responder, which signs each answer afresh, too. */
export async function measureOpensslOcsp(ca: SharedCa, port: number): Promise<number> {
  const child = spawn(
    'openssl',
    [
      ...['ocsp', '-port', String(port), '-index', ca.indexFile, '-CA', ca.certificateFile, '-nmin', '5'],
      ...['-rsigner', ca.certificateFile, '-rkey', ca.keyFile],
    ],
    { stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  const letGo = atExit(() => void child.kill('SIGKILL'));
  try {
    const url = `http://127.0.0.1:${port}/`;
    await listening(url, ca.requests[0] as Buffer);
    return await ocspPerCpuSecond(url, ca.requests, () => processCpuSeconds(child.pid));
  } finally {
    letGo();
    child.kill('SIGKILL');
    await gone;
  }
}

/** By a request of its own kind: it ends over others. */
async function listening(url: string, body: Buffer): Promise<void> {
  const agent = new Agent();
  for (let tries = 100; ; tries--) {
    try {
      await post(url, agent, body);
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await setTimeout(50);
    }
  }
}
