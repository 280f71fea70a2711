import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { atExit } from '../at-exit.ts';
import { ocspPerCpuSecond, post } from './ocsp-load.ts';
import type { SharedCa } from './openssl-ca.ts';

const TICKS_PER_SECOND = 100; // USER_HZ, fixed in Linux's interface to programs

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
    return await ocspPerCpuSecond(url, ca.requests, () => cpuSeconds(child.pid));
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

/** proc_pid_stat(5): fields 14 and 15, counted after the program's name, which may hold spaces. */
function cpuSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
