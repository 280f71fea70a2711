import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { atExit } from '../at-exit.ts';
import { freePort } from '../free-port.ts';
import { processCpuSeconds } from '../process-cpu.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { rpc } from './json-rpc.ts';

/** Foundry's development node of Ethereum: in memory, one sequencer, no consensus. */
export interface Anvil {
  readonly url: string;
  /** CPU time of the node so far, seconds. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;
/**
 * Starts anvil on a free port of the loopback interface with a home folder of its own. It dies with this
 * process. @throws Error when there is no anvil for this platform or it does not answer
 */
export async function startAnvil({ accounts }: { readonly accounts: number }): Promise<Anvil> {
  const port = await freePort();
  const home = await createTemporaryFolder();
  const options = ['--host', '127.0.0.1', '--port', port, '--accounts', accounts, '--quiet'];
  // The memory-only best case of a writer: no fee market, no limit to what a block takes.
  const chain = ['--block-base-fee-per-gas', 0, '--disable-block-gas-limit', '--no-request-size-limit'];
  const child = spawn(binaryPath(), [...options, ...chain].map(String), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HOME: home.path },
  });
  const gone = once(child, 'exit');
  const letGo = atExit(() => void child.kill('SIGKILL'));
  const stop = async (): Promise<void> => {
    letGo();
    child.kill('SIGKILL'); // it has nothing to save
    await gone;
    await home.remove();
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, cpuSeconds: () => processCpuSeconds(child.pid), stop };
}

/** The program itself, not the launcher of the npm package: a killed launcher would leave it behind. */
function binaryPath(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const require = createRequire(import.meta.resolve('@foundry-rs/anvil/package.json'));
  return require.resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/anvil`);
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
