import { systemClock, unixSeconds } from '@attestel/core';
import type { BenchResult } from '../result.ts';
import { measureBft } from './bft/index.ts';
import { rawDurableWrites, rawSignatures } from './limits.ts';
import { encodedOperations } from './operations.ts';
import { fillTo, latencyAt, openSolo, type SoloLedger, throughput } from './solo.ts';

const WARM_UP = 5_000;
/** Longer after the filling: until the node keeps nothing more of its blocks, which are fifty times the usual. */
const WARM_UP_FILLED = 30_000;
const ROUNDS = 5;
const ROUND_OPERATIONS = 10_000;
const LATENCY_OPERATIONS = 5_000;
const LATENCY_PER_SECOND = 1_000;
/** Keys there before the second measurement; fewer with `ATTESTEL_BENCH_KEYS`, for a look. */
const MANY_KEYS = Number(process.env.ATTESTEL_BENCH_KEYS ?? 1_000_000);
/** A look must not pass for the measurement. */
const MANY = MANY_KEYS >= 1_000_000 ? 'solo_1m' : 'solo_filled';

/**
 * The solo driver in process, as a node runs it: signed operations from their bytes to the durable answer, with
 * signatures checked by workers on every processor. The limit beside it is the slower of nothing but signatures and
 * nothing but durable writes, in the same run.
 */
export async function run(): Promise<BenchResult> {
  const solo = await measureSolo();
  const bft = await measureBft();
  return {
    name: 'ledger',
    figures: { ...solo.figures, ...bft.figures },
    peers: { ...solo.peers, ...bft.peers },
    ratios: { ...solo.ratios, ...bft.ratios },
  };
}

async function measureSolo(): Promise<Omit<BenchResult, 'name'>> {
  const limits = [await rawSignatures(), await rawDurableWrites()];
  const solo = await openSolo();
  try {
    const few = await rounds(solo, 0, WARM_UP);
    const { p50, p99 } = await latency(solo, few.next);
    await fillTo(solo.ledger, few.next + LATENCY_OPERATIONS, MANY_KEYS);
    const many = await rounds(solo, Math.max(MANY_KEYS, few.next + LATENCY_OPERATIONS), WARM_UP_FILLED);
    limits.push(await rawSignatures(), await rawDurableWrites());
    const [signaturesBefore = 0, writesBefore = 0, signaturesAfter = 0, writesAfter = 0] = limits;
    const signatures = (signaturesBefore + signaturesAfter) / 2;
    const writes = (writesBefore + writesAfter) / 2;
    return {
      figures: {
        solo_ops_per_s: Math.round(few.rate),
        [`${MANY}_ops_per_s`]: Math.round(many.rate),
        solo_cpu_us_per_op: Math.round(few.cpuMicroseconds),
        [`${MANY}_cpu_us_per_op`]: Math.round(many.cpuMicroseconds),
        solo_keys_at_last: many.next,
        solo_commit_p50_ms: round(p50),
        solo_commit_p99_ms: round(p99),
      },
      peers: {
        'signatures alone, all processors (wall)': Math.round(signatures),
        'durable LMDB batches alone (wall)': Math.round(writes),
      },
      ratios: { solo_vs_limit: round(few.rate / Math.min(signatures, writes)) },
    };
  } finally {
    await solo.close();
  }
}

interface Rounds {
  /** Median operations per second of wall clock. */
  readonly rate: number;
  /** Of all threads, over all rounds. */
  readonly cpuMicroseconds: number;
  /** Number of the next operation. */
  readonly next: number;
}

async function rounds({ ledger }: SoloLedger, from: number, warmUp: number): Promise<Rounds> {
  const time = unixSeconds(systemClock);
  await throughput(ledger, await encodedOperations(from, warmUp, time));
  const rates: number[] = [];
  let cpu = 0;
  let next = from + warmUp;
  for (let round = 0; round < ROUNDS; round++) {
    const encoded = await encodedOperations(next, ROUND_OPERATIONS, time);
    next += ROUND_OPERATIONS;
    const before = process.cpuUsage();
    rates.push(await throughput(ledger, encoded));
    const { user, system } = process.cpuUsage(before);
    cpu += user + system;
  }
  rates.sort((a, b) => a - b);
  const rate = rates[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  return { rate, cpuMicroseconds: cpu / (ROUNDS * ROUND_OPERATIONS), next };
}

const latency = async ({ ledger }: SoloLedger, from: number) =>
  latencyAt(
    ledger,
    await encodedOperations(from, LATENCY_OPERATIONS, unixSeconds(systemClock)),
    LATENCY_PER_SECOND,
  );

const round = (value: number): number => Math.round(value * 100) / 100;
