import { systemClock, unixSeconds } from '@attestel/core';
import { encodedOperations } from '../operations.ts';
import type { Home } from './homes.ts';
import { startValidator, type ValidatorProcess } from './validator-process.ts';

export const VALIDATORS = 4;
/** Closed loop: so many clients at each validator, each with so many operations on their way. */
const CLIENTS = 2;
export const BATCH = 125;
export const IN_FLIGHT = VALIDATORS * CLIENTS * BATCH;
const WARM_UP = 2_000;
const ROUNDS = 3;
const ROUND_OPERATIONS = 8_000;

export interface ValidatorFigures {
  /** Median over rounds: final operations per second of wall clock. */
  readonly rate: number;
  /** Milliseconds from submission to the final answer, of single operations. */
  readonly p50: number;
  readonly p99: number;
  /** Of all four validators for one operation, microseconds. */
  readonly applicationCpu: number;
  readonly engineCpu: number;
}

/** Four validators under the real engine, in processes of their own. */
export async function measureValidators(binary: string, homes: readonly Home[]): Promise<ValidatorFigures> {
  const nodes = await Promise.all(
    homes.map(({ folder, rpcUrl, peers }, i) =>
      startValidator({ folder, binary, rpcUrl, peers, name: `attestel.bench/w${i}` }),
    ),
  );
  try {
    await round(nodes, 1, WARM_UP);
    const before = await cpuOf(nodes);
    const rounds: { rate: number; taken: readonly number[] }[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      rounds.push(await round(nodes, 1 + WARM_UP + i * ROUND_OPERATIONS, ROUND_OPERATIONS));
    }
    const after = await cpuOf(nodes);
    await assertEqual(nodes);
    const taken = rounds.flatMap((one) => one.taken).sort((a, b) => a - b);
    const at = (share: number): number => taken[Math.floor(share * taken.length)] ?? Number.NaN;
    const rates = rounds.map(({ rate }) => rate).sort((a, b) => a - b);
    return {
      rate: rates[Math.floor(ROUNDS / 2)] ?? Number.NaN,
      p50: at(0.5),
      p99: at(0.99),
      applicationCpu: (after.application - before.application) / (ROUNDS * ROUND_OPERATIONS),
      engineCpu: (after.engine - before.engine) / (ROUNDS * ROUND_OPERATIONS),
    };
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

/** Signing is not part of it. */
async function round(nodes: readonly ValidatorProcess[], from: number, count: number) {
  const encoded = await encodedOperations(from, count, unixSeconds(systemClock));
  const share = Math.ceil(count / nodes.length);
  const began = performance.now();
  const taken = await Promise.all(
    nodes.map((node, i) =>
      node.load({ encoded: encoded.slice(i * share, (i + 1) * share), batch: BATCH, clients: CLIENTS }),
    ),
  );
  return { rate: count / ((performance.now() - began) / 1000), taken: taken.flat() };
}

async function cpuOf(nodes: readonly ValidatorProcess[]) {
  const all = await Promise.all(nodes.map((node) => node.cpu()));
  return {
    application: all.reduce((sum, { application }) => sum + application, 0),
    engine: all.reduce((sum, { engine }) => sum + engine, 0),
  };
}

/** All that was measured is the same history, or nothing was. */
async function assertEqual(nodes: readonly ValidatorProcess[]): Promise<void> {
  for (const late = Date.now() + 10_000; ; ) {
    const heads = await Promise.all(nodes.map((node) => node.head()));
    if (heads.every(({ appHash }) => appHash === heads[0]?.appHash)) return;
    if (Date.now() > late) throw new Error('bench: the validators part');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
