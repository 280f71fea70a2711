import { randomBytes } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import type { Factory } from './pallet.ts';
import type { PkiLedger } from './pki-ledger.ts';

const ROUNDS = 3;
/** A node runs for months: its code has been compiled by then. */
const WARM_UP = 6000;

export interface PalletTimes {
  readonly seconds: number;
  /** Hash and DER of the last pallet's certificates. */
  readonly certificates: readonly Bytes[];
}

/**
 * One submission of so many certificates: each parsed, its signature and its fresh proof of possession checked, all
 * durable, each with a receipt. Median of rounds; every round publishes others.
 */
export async function measurePallet(world: PkiLedger, factory: Factory, count: number): Promise<PalletTimes> {
  const publisher = world.publisherOf(world.vendor);
  await publisher.publish(await factory.pallet(WARM_UP));
  const rounds: PalletTimes[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const request = await factory.pallet(count);
    const start = performance.now();
    const { results } = await publisher.publish({ ...request, receipts: 'path' });
    const done = performance.now();
    for (const result of results) {
      if (!result.ok) throw new Error(`bench: a certificate was refused: ${result.code}`);
      if (!result.receipt) throw new Error('bench: a certificate has no receipt');
    }
    const certificates = request.items.map(({ certificate }) => certificate);
    rounds.push({ seconds: (done - start) / 1000, certificates });
  }
  rounds.sort((a, b) => a.seconds - b.seconds);
  return rounds[Math.floor(ROUNDS / 2)] as PalletTimes;
}

/** Of each item five small keys of state and half a kilobyte beside them, in as many transactions as a pallet has parts. */
const KEYS = 5;
const KEY_BYTES = 100;
const PARTS = 10;

/** The disk's part of a pallet alone, seconds. */
export async function rawWrites({ store }: PkiLedger, count: number): Promise<number> {
  const value = new Uint8Array(randomBytes(KEY_BYTES));
  const keys = Array.from({ length: count * KEYS }, () => new Uint8Array(randomBytes(32)));
  const start = performance.now();
  for (let part = 0; part < PARTS; part++) {
    await store.transact((writer) => {
      for (let i = part; i < keys.length; i += PARTS) writer.put('bench/limit', keys[i] as Uint8Array, value);
    });
  }
  return (performance.now() - start) / 1000;
}
