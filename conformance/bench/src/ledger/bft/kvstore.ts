import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { atExit } from '../../at-exit.ts';
import { rpc } from '../../peers/json-rpc.ts';
import { forgetBlocks, type Home } from './homes.ts';

const TRANSACTIONS = 12_000;
/** As large as an operation of the other measurement. */
const TRANSACTION_BYTES = 300;
/** Closed loop: requests at once at each engine, and transactions that no block holds yet. */
const REQUESTS = 16;
const IN_FLIGHT = 4000;
const START_MS = 30_000;
const LATE_MS = 60_000;
const LOOK_AGAIN_MS = 100;

/**
 * The engine's built-in key-value store on the same four homes: nothing is signed, checked, proven or kept on a disk by
 * it, so it is the ceiling of what the engine lets an application have. Transactions a second, from sending the first
 * to the block with the last.
 */
export async function measureKvstore(binary: string, homes: readonly Home[]): Promise<number> {
  for (const home of homes) await forgetBlocks(home);
  const engines = homes.map(({ home }) => start(binary, home));
  try {
    await Promise.all(homes.map(({ rpcUrl }) => firstBlock(rpcUrl)));
    const began = performance.now();
    const sent = { count: 0, done: 0 };
    const watching = watch(homes, sent);
    await Promise.all(
      homes.flatMap(({ rpcUrl }) => Array.from({ length: REQUESTS }, () => send(rpcUrl, sent))),
    );
    await watching;
    return TRANSACTIONS / ((performance.now() - began) / 1000);
  } finally {
    await Promise.all(engines.map(stop));
  }
}

interface Sent {
  count: number;
  done: number;
}

function start(binary: string, home: string): ChildProcess {
  const child = spawn(binary, ['start', '--home', home, '--proxy_app', 'kvstore'], { stdio: 'ignore' });
  atExit(() => void child.kill('SIGKILL'));
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL'); // it has nothing to save
  await gone;
}

/** The engine proves the app hash of the genesis in a first, empty block. */
async function firstBlock(url: string): Promise<void> {
  for (const late = Date.now() + START_MS; ; ) {
    const height = await heightOf(url).catch(() => 0);
    if (height > 0) return;
    if (Date.now() > late) throw new Error('bench: an engine makes no block');
    await setTimeout(LOOK_AGAIN_MS);
  }
}

async function heightOf(url: string): Promise<number> {
  const { sync_info } = (await rpc(url, 'status', {})) as { sync_info: { latest_block_height: string } };
  return Number(sync_info.latest_block_height);
}

async function send(url: string, sent: Sent): Promise<void> {
  while (sent.count < TRANSACTIONS) {
    if (sent.count - sent.done >= IN_FLIGHT) {
      await setTimeout(LOOK_AGAIN_MS / 10);
      continue;
    }
    const text = `${sent.count++}=`.padEnd(TRANSACTION_BYTES, 'x');
    const { code } = (await rpc(url, 'broadcast_tx_sync', { tx: Buffer.from(text).toString('base64') })) as {
      code: number;
    };
    if (code !== 0) throw new Error('bench: kvstore refused a transaction');
  }
}

/** Counts the transactions in blocks until all are there. */
async function watch(homes: readonly Home[], sent: Sent): Promise<void> {
  const [{ rpcUrl }] = homes as [Home];
  let seen = 0;
  for (const late = Date.now() + LATE_MS; sent.done < TRANSACTIONS; ) {
    const height = await heightOf(rpcUrl);
    for (; seen < height; seen++) {
      const { block_metas } = (await rpc(rpcUrl, 'blockchain', {
        minHeight: String(seen + 1),
        maxHeight: String(seen + 1),
      })) as { block_metas: readonly { num_txs: string }[] };
      sent.done += Number(block_metas[0]?.num_txs);
    }
    if (Date.now() > late) throw new Error('bench: kvstore did not take them all');
    await setTimeout(LOOK_AGAIN_MS);
  }
}
