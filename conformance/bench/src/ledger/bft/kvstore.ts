import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { utf8 } from '@attestel/core';
import { createEngineRpc } from '@attestel/ledger';
import { atExit } from '../../at-exit.ts';
import { forgetBlocks, type Home } from './homes.ts';

/** Closed loop: requests at once at each engine. */
const REQUESTS = 16;
const START_MS = 30_000;
const LATE_MS = 60_000;
const LOOK_AGAIN_MS = 100;

export interface KvstoreLoad {
  readonly transactions: number;
  readonly bytes: number;
  /** Transactions that no block holds yet, at most. */
  readonly inFlight: number;
}

/**
 * The engine's built-in key-value store on the same four homes: nothing is signed, checked, proven or kept on a disk by
 * it, so it is the ceiling of what the engine lets an application have. Transactions a second, from sending the first
 * to the block with the last.
 */
export async function measureKvstore(
  binary: string,
  homes: readonly Home[],
  load: KvstoreLoad,
): Promise<number> {
  for (const home of homes) await forgetBlocks(home);
  const engines = homes.map(({ home }) => start(binary, home));
  try {
    await Promise.all(homes.map(({ rpcUrl }) => firstBlock(rpcUrl)));
    const began = performance.now();
    const sent = { count: 0, done: 0 };
    const watching = watch(homes, load, sent);
    await Promise.all(
      homes.flatMap(({ rpcUrl }) => Array.from({ length: REQUESTS }, () => send(rpcUrl, load, sent))),
    );
    await watching;
    return load.transactions / ((performance.now() - began) / 1000);
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

const heightOf = async (url: string): Promise<number> => (await createEngineRpc(url).status()).height;

async function send(url: string, load: KvstoreLoad, sent: Sent): Promise<void> {
  const engine = createEngineRpc(url);
  while (sent.count < load.transactions) {
    if (sent.count - sent.done >= load.inFlight) {
      await setTimeout(LOOK_AGAIN_MS / 10);
      continue;
    }
    const { code } = await engine.broadcast(utf8(`${sent.count++}=`.padEnd(load.bytes, 'x')));
    if (code !== 0) throw new Error('bench: kvstore refused a transaction');
  }
}

/** Counts the transactions in blocks until all are there. */
async function watch(homes: readonly Home[], load: KvstoreLoad, sent: Sent): Promise<void> {
  const [{ rpcUrl }] = homes as [Home];
  let seen = 0;
  for (const late = Date.now() + LATE_MS; sent.done < load.transactions; ) {
    const height = await heightOf(rpcUrl);
    for (; seen < height; seen++) sent.done += await transactionsIn(rpcUrl, seen + 1);
    if (Date.now() > late) throw new Error('bench: kvstore did not take them all');
    await setTimeout(LOOK_AGAIN_MS);
  }
}

async function transactionsIn(url: string, height: number): Promise<number> {
  const response = await fetch(`${url}/blockchain?minHeight=${height}&maxHeight=${height}`);
  const { result } = (await response.json()) as { result: { block_metas: readonly { num_txs: string }[] } };
  return Number(result.block_metas[0]?.num_txs);
}
