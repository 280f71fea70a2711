import { describe, expect, it } from 'vitest';
import {
  cosignaturesOf,
  createCheckpointCache,
  parseNote,
  parsePolicy,
  type ReceiptOptions,
  type ReceiptSubject,
  type VerifiedReceipt,
  verifyCosignedBody,
  verifyReceipt,
  verifyTlogProof,
} from '../../src/index.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { codeOf, hex, sha256, unhex } from '../sha256.ts';
import { readVectors, type VectorCase } from '../vector-files.ts';

interface Conditions {
  readonly policy?: string;
  readonly cached?: boolean;
  readonly now?: number;
  readonly maxAgeSeconds?: number;
  readonly subject?: ReceiptSubject;
}

async function optionsOf(
  shared: string,
  note: string | undefined,
  entry: Conditions,
): Promise<ReceiptOptions> {
  const policy = parsePolicy(entry.policy ?? shared, sha256);
  const cache = createCheckpointCache();
  if (note !== undefined && entry.cached !== false) {
    const { text, signatures } = parseNote(note);
    cache.put(policy, await verifyCosignedBody(policy, text, cosignaturesOf(policy, signatures), nodeCrypto));
  }
  return {
    policy,
    crypto: nodeCrypto,
    cache,
    ...(entry.now !== undefined && { now: entry.now }),
    ...(entry.maxAgeSeconds !== undefined && { maxAgeSeconds: entry.maxAgeSeconds }),
    ...(entry.subject && { expect: entry.subject }),
  };
}

const plain = (receipt: VerifiedReceipt): object =>
  Object.fromEntries(
    Object.entries(receipt).map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]),
  );

async function check(entry: VectorCase, verify: () => Promise<VerifiedReceipt>): Promise<void> {
  let verified: VerifiedReceipt | undefined;
  const code = await codeOf(async () => {
    verified = await verify();
  });
  expect(code).toBe(entry.expect);
  if (verified) expect(plain(verified)).toMatchObject(entry.result ?? {});
}

describe('conformance/vectors/proof/receipt.json', () => {
  type Case = Conditions & { receipt: string };
  const { policy, note, cases } = readVectors<Case, { policy: string; note: string }>('receipt.json');
  it.each(cases)('$name: $expect', async (entry) => {
    const options = await optionsOf(policy, note, entry);
    await check(entry, () => verifyReceipt(unhex(entry.receipt), options));
  });
});

describe('conformance/vectors/proof/tlog-proof.json', () => {
  type Case = Conditions & { proof: string; leaf: string };
  const { policy, cases } = readVectors<Case, { policy: string }>('tlog-proof.json');
  it.each(cases)('$name: $expect', async (entry) => {
    const options = await optionsOf(policy, undefined, entry);
    await check(entry, () => verifyTlogProof(entry.proof, unhex(entry.leaf), options));
  });
});
