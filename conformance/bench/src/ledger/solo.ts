import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, silentLogger, systemClock, unixSeconds } from '@attestel/core';
import {
  createWorkerVerifier,
  decodeOperation,
  type Ledger,
  type Operation,
  type OperationResult,
  openLedger,
  openLmdbStore,
} from '@attestel/ledger';
import { fixedSigner } from '../fixed-signer.ts';
import { actorKeys, fillOperation } from './operations.ts';
import { NETWORK, recordModule } from './record-module.ts';

/** Operations in one submission, as a gateway would send them. */
const BATCH = 250;
/** Submissions on the way at once: enough that neither workers nor disk wait for the loop. */
const IN_FLIGHT = 16;

export interface SoloLedger {
  readonly ledger: Ledger;
  readonly folder: string;
  close(): Promise<void>;
}

/** A ledger as a node runs it: durable store, log and witness signatures, signatures checked on all processors. */
export async function openSolo(): Promise<SoloLedger> {
  const folder = await mkdtemp(join(tmpdir(), 'attestel-bench-'));
  const store = await openLmdbStore({ path: folder });
  const batchVerifier = createWorkerVerifier();
  const ledger = await openLedger({
    network: NETWORK,
    origin: 'attestel.bench/solo',
    store,
    modules: [recordModule],
    actorKeys,
    signer: fixedSigner('log'),
    witness: { name: 'attestel.bench/witness', signer: fixedSigner('witness'), clock: systemClock },
    clock: systemClock,
    logger: silentLogger,
    genesis: 'none',
    batchVerifier,
  });
  return {
    ledger,
    folder,
    async close() {
      await ledger.close();
      await batchVerifier.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Durable operations per second of wall clock: from the encoded bytes, decoded, verified, executed, hashed into log
 * and trie, committed, answered. Closed loop.
 */
export async function throughput(ledger: Ledger, encoded: readonly Bytes[]): Promise<number> {
  let next = 0;
  const submitSome = async (): Promise<void> => {
    while (next < encoded.length) {
      const from = next;
      next += BATCH;
      await submitAll(ledger, encoded.slice(from, from + BATCH));
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, submitSome));
  return encoded.length / ((performance.now() - start) / 1000);
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Milliseconds from submission to durable answer of single operations that come in at a steady rate. */
export async function latencyAt(
  ledger: Ledger,
  encoded: readonly Bytes[],
  perSecond: number,
): Promise<Latency> {
  const taken: number[] = [];
  const start = performance.now();
  await Promise.all(
    encoded.map(async (bytes, i) => {
      const due = start + (1000 * i) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      const from = performance.now();
      await submitAll(ledger, [bytes]);
      taken.push(performance.now() - from);
    }),
  );
  taken.sort((a, b) => a - b);
  const at = (share: number): number => taken[Math.floor(share * taken.length)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

async function submitAll(ledger: Ledger, encoded: readonly Bytes[]): Promise<void> {
  assertAccepted(await ledger.submit(encoded.map(decodeOperation)));
}

/** Keys that one operation of a filling writes, and operations of a block. */
const FILL_KEYS = 1000;
const FILL_OPERATIONS = 50;

/** Fills the state with the keys that operations `from` … `to` would have written, unmeasured. */
export async function fillTo(ledger: Ledger, from: number, to: number): Promise<void> {
  const step = FILL_KEYS * FILL_OPERATIONS;
  for (let at = from; at < to; at += step) {
    const time = unixSeconds(systemClock);
    const operations: Operation[] = [];
    for (let first = at; first < Math.min(to, at + step); first += FILL_KEYS) {
      operations.push(await fillOperation(first, Math.min(to, first + FILL_KEYS), time));
    }
    assertAccepted(await ledger.submit(operations));
  }
}

function assertAccepted(results: readonly OperationResult[]): void {
  for (const result of results) {
    if (!result.ok) throw new Error(`bench: an operation was refused: ${result.error.code}`);
  }
}
