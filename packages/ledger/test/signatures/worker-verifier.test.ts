import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bytes, concatBytes, utf8 } from '@attestel/core';
import { ed25519 } from '@noble/curves/ed25519.js';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  createLocalBatchVerifier,
  createWorkerVerifier,
  type SignatureJob,
  taskUrl,
  verifySignature,
} from '../../src/index.ts';
import { packJobs, unpackJobs } from '../../src/signatures/job-bytes.ts';
import { sodiumEd25519 } from '../../src/signatures/sodium.ts';
import { createSignatureVerifier } from '../../src/signatures/verify-signature.ts';
import { ANN, addition, BOB, openTestLedger } from '../fixtures/open-test-ledger.ts';
import { ed25519Signer, p256Signer } from '../fixtures/signers.ts';

const HOLD = taskUrl('../fixtures/hold-task', import.meta.url);
const ECHO = taskUrl('../fixtures/echo-task', import.meta.url);
const workers = createWorkerVerifier({ workers: 2 });
afterAll(() => workers.close());

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const fromLe = (bytes: Bytes): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const toLe = (n: bigint): Bytes =>
  new Uint8Array(Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse());
const { Point } = ed25519;
/** A point of order 8. */
const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');

/** Signatures that verifiers with and without cofactor tell apart ("Taming the many EdDSAs", §5). */
function mixedOrderJobs(): SignatureJob[] {
  const a = 123456789012345678901234567890n;
  const base = Point.BASE.multiply(a);
  const jobs: SignatureJob[] = [];
  for (let i = 0; i < 24; i++) {
    const r = 987654321098765432109876543210n + BigInt(i);
    const A = (i % 3 === 0 ? base : base.add(TORSION)).toBytes();
    const nonce = Point.BASE.multiply(r);
    const R = (i % 3 === 1 ? nonce : nonce.add(TORSION)).toBytes();
    const message = utf8(`mixed order ${i}`);
    const h = fromLe(createHash('sha512').update(R).update(A).update(message).digest()) % L;
    const signature = concatBytes(R, toLe((r + h * a) % L));
    jobs.push({ key: concatBytes(Uint8Array.of(0xed, 0x01), A), message, signature });
  }
  return jobs;
}

async function honestAndBroken(): Promise<SignatureJob[]> {
  const jobs: SignatureJob[] = [];
  for (let i = 0; i < 12; i++) {
    const signer = i % 2 === 0 ? ed25519Signer(`w${i}`) : p256Signer(`w${i}`);
    const message = utf8(`message ${i}`);
    const signature = await signer.sign(message);
    if (i % 3 === 0) signature[i] = (signature[i] as number) ^ 1;
    jobs.push({ key: signer.publicKey, message, signature });
  }
  jobs.push({ key: new Uint8Array(3), message: utf8('no key'), signature: new Uint8Array(64) });
  return jobs;
}

describe('signatures checked on other threads', () => {
  it('get the answers that the asking thread would give, in order', async () => {
    const jobs = [...(await honestAndBroken()), ...mixedOrderJobs()];
    const expected = jobs.map(({ key, message, signature }) =>
      verifySignature(key, message, signature) ? 1 : 0,
    );
    expect(expected).toContain(1);
    expect(expected).toContain(0);
    expect([...(await workers.verifyBatch(jobs))]).toEqual(expected);
    expect([...(await createLocalBatchVerifier().verifyBatch(jobs))]).toEqual(expected);
  });

  it('are the same under libsodium and OpenSSL where cofactors make a difference', () => {
    const sodium = createSignatureVerifier({ ed25519: sodiumEd25519() });
    const answers = mixedOrderJobs().map(({ key, message, signature }) => [
      sodium.verify(key, message, signature),
      verifySignature(key, message, signature),
    ]);
    expect(answers.every(([ours, theirs]) => ours === theirs)).toBe(true);
    expect(sodiumEd25519(), 'sodium-native is installed for this test').toBeDefined();
  });

  it('come before what modules check ahead and no thread has begun', async () => {
    const one = createWorkerVerifier({ workers: 1 });
    const order: string[] = [];
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const held = one.run?.(HOLD, gate);
    await vi.waitFor(() => expect(gate[0]).toBe(1), 10_000);
    const check = one.run?.(ECHO, 1).then(() => order.push('check'));
    const signatures = one.verifyBatch(await honestAndBroken()).then(() => order.push('signatures'));
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
    await Promise.all([held, check, signatures]);
    expect(order).toEqual(['signatures', 'check']);
    await one.close();
  });

  it('are refused when the threads are gone', async () => {
    const gone = createWorkerVerifier({ workers: 1 });
    await gone.close();
    await expect(gone.verifyBatch(await honestAndBroken())).rejects.toThrow(Error);
  });

  it('keep the process for as long as somebody waits for them, and no longer', async () => {
    const file = fileURLToPath(new URL('../fixtures/verify-child.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', file]);
    expect(stdout).toBe('0\n');
  });

  it('travel without loss', async () => {
    const jobs = await honestAndBroken();
    expect(unpackJobs(packJobs(jobs))).toEqual(jobs);
    expect(unpackJobs(packJobs([]))).toEqual([]);
  });
});

describe('a ledger with threads for signatures', () => {
  it('takes and refuses what a ledger without them does', async () => {
    const ledger = await openTestLedger({ batchVerifier: workers });
    const good = await Promise.all([addition(ANN, 0), addition(BOB, 0), addition(ANN, 1)]);
    const unsigned = await addition(BOB, 1);
    const broken = { ...unsigned, signatures: good[0]?.signatures ?? [] };
    const results = await ledger.submit([...good, broken]);
    expect(results.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual([
      'ok',
      'ok',
      'ok',
      'signature_invalid',
    ]);
    await ledger.close();
  });

  it('goes on, on its own thread, when they die', async () => {
    const dying = createWorkerVerifier({ workers: 1 });
    const ledger = await openTestLedger({ batchVerifier: dying });
    await dying.close();
    expect(await ledger.submit([await addition(ANN, 0)])).toMatchObject([{ ok: true }]);
    await ledger.close();
  });
});
