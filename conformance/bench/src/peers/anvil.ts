import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { rpc } from './json-rpc.ts';

/** Foundry's development node of Ethereum: in memory, one sequencer, no consensus. */
export interface Anvil {
  readonly url: string;
  /** CPU time of the node so far, seconds. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;
const TICKS_PER_SECOND = 100; // USER_HZ, fixed in Linux's interface to programs

/**
 * Starts anvil on a free port of the loopback interface with a home folder of its own. It dies with this
 * process, whatever ends it. @throws Error when there is no anvil for this platform or it does not answer
 */
export async function startAnvil({ accounts }: { readonly accounts: number }): Promise<Anvil> {
  const port = await freePort();
  const home = await mkdtemp(join(tmpdir(), 'attestel-anvil-'));
  const options = ['--host', '127.0.0.1', '--port', port, '--accounts', accounts, '--quiet'];
  // The memory-only best case of a writer: no fee market, no limit to what a block takes.
  const chain = ['--block-base-fee-per-gas', 0, '--disable-block-gas-limit', '--no-request-size-limit'];
  const child = spawn(binaryPath(), [...options, ...chain].map(String), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HOME: home },
  });
  const gone = once(child, 'exit');
  const letGo = dieTogether(child);
  const stop = async (): Promise<void> => {
    letGo();
    child.kill('SIGKILL'); // it has nothing to save
    await gone;
    await rm(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, cpuSeconds: () => cpuSeconds(child.pid), stop };
}

/** The program itself, not the launcher of the npm package: a killed launcher would leave it behind. */
function binaryPath(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const require = createRequire(import.meta.resolve('@foundry-rs/anvil/package.json'));
  return require.resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/anvil`);
}

/** Returns what undoes it. */
function dieTogether(child: ChildProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const kill = (): void => void child.kill('SIGKILL');
  const leave = (): never => process.exit(1); // runs the handlers of 'exit', which a signal alone does not
  process.on('exit', kill);
  for (const signal of signals) process.on(signal, leave);
  return () => {
    process.off('exit', kill);
    for (const signal of signals) process.off(signal, leave);
  };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; ) {
    if (child.exitCode !== null) throw new Error(`anvil ended with code ${child.exitCode}`);
    try {
      await rpc(url, 'eth_chainId', []);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** proc_pid_stat(5): fields 14 and 15, counted after the program's name, which may hold spaces. */
function cpuSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
