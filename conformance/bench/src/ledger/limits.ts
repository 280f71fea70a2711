import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkerVerifier, openLmdbStore } from '@attestel/ledger';
import { fixedSigner } from '../fixed-signer.ts';

const SIGNATURES = 40_000;
const GROUP = 64;
const MESSAGE_BYTES = 240;
const BLOCKS = 30;
const BLOCK_RECORDS = 1000;
const RECORD_BYTES = 300;

/** Nothing but signatures, on every processor, by the same workers. Per second of wall clock. */
export async function rawSignatures(): Promise<number> {
  const signer = fixedSigner('limit');
  const message = new Uint8Array(MESSAGE_BYTES).fill(1);
  const job = { key: signer.publicKey, message, signature: await signer.sign(message) };
  const group = Array.from({ length: GROUP }, () => job);
  const workers = createWorkerVerifier();
  await workers.verifyBatch(group);
  const start = performance.now();
  const groups = Array.from({ length: SIGNATURES / GROUP }, () => workers.verifyBatch(group));
  for (const results of await Promise.all(groups)) {
    if (results.some((result) => result !== 1)) throw new Error('bench: a signature did not verify');
  }
  const seconds = (performance.now() - start) / 1000;
  await workers.close();
  return SIGNATURES / seconds;
}

/** Nothing but one record for each operation under a random key, a thousand to a durable LMDB transaction. */
export async function rawDurableWrites(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'attestel-bench-'));
  const store = await openLmdbStore({ path: folder });
  const value = randomBytes(RECORD_BYTES);
  const keys = Array.from({ length: BLOCKS * BLOCK_RECORDS }, () => new Uint8Array(randomBytes(32)));
  const start = performance.now();
  for (let block = 0; block < BLOCKS; block++) {
    await store.transact((writer) => {
      for (const key of keys.slice(block * BLOCK_RECORDS, (block + 1) * BLOCK_RECORDS)) {
        writer.put('bench/limit', key, value);
      }
    });
  }
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  await rm(folder, { recursive: true, force: true });
  return (BLOCKS * BLOCK_RECORDS) / seconds;
}
