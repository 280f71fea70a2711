import { readdirSync, readFileSync } from 'node:fs';
import { concatBytes, fromHex, isStrictEd25519 } from '@attestel/core';
import { afterAll, describe, expect, it } from 'vitest';
import { SIGNATURE_FILES, textOf } from '../../../../conformance/vectors/signatures/generate.ts';
import {
  createSignatureVerifier,
  createWorkerVerifier,
  type SignatureJob,
  verifySignature,
} from '../../src/index.ts';
import { sodiumEd25519 } from '../../src/signatures/sodium.ts';

const FOLDER = new URL('../../../../conformance/vectors/signatures/', import.meta.url);
const PREFIXES = { 'ed25519.json': fromHex('ed01'), 'p256.json': fromHex('8024') } as const;
type File = keyof typeof PREFIXES;

interface Case {
  readonly name: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

const textAt = (file: File): string => readFileSync(new URL(file, FOLDER), 'utf8');
const casesOf = (file: File): readonly Case[] => (JSON.parse(textAt(file)) as { cases: Case[] }).cases;
const jobOf = (file: File, { publicKey, message, signature }: Case): SignatureJob => ({
  key: concatBytes(PREFIXES[file], fromHex(publicKey)),
  message: fromHex(message),
  signature: fromHex(signature),
});

const workers = createWorkerVerifier({ workers: 1 });
afterAll(() => workers.close());

describe.each(Object.keys(PREFIXES) as File[])('the signature vectors of %s', (file) => {
  const cases = casesOf(file);
  const expected = cases.map(({ name, valid }) => [name, valid]);
  const outcomes = (verify: (job: SignatureJob) => boolean) =>
    cases.map((one) => [one.name, verify(jobOf(file, one))]);

  it('come out of their generator', () => {
    expect(textOf(SIGNATURE_FILES[file]())).toBe(textAt(file));
  }, 60_000);

  it('take and refuse something', () => {
    expect(cases.filter(({ valid }) => valid).length).toBeGreaterThan(3);
    expect(cases.filter(({ valid }) => !valid).length).toBeGreaterThan(25);
  });

  it('are what Node’s cryptography says under the rule, with kept keys and without', () => {
    const kept = createSignatureVerifier();
    expect(outcomes(({ key, message, signature }) => verifySignature(key, message, signature))).toEqual(
      expected,
    );
    expect(outcomes(({ key, message, signature }) => kept.verify(key, message, signature))).toEqual(expected);
  });

  it('are what libsodium says under the rule', () => {
    const ed25519 = sodiumEd25519();
    expect(ed25519, 'sodium-native is installed for this test').toBeDefined();
    const sodium = createSignatureVerifier({ ed25519 });
    expect(outcomes(({ key, message, signature }) => sodium.verify(key, message, signature))).toEqual(
      expected,
    );
  });

  it('are what other threads say', async () => {
    const results = await workers.verifyBatch(cases.map((one) => jobOf(file, one)));
    expect(cases.map(({ name }, i) => [name, results[i] === 1])).toEqual(expected);
  });
});

describe('the folder of signature vectors', () => {
  it('holds no file that this test does not know', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual(Object.keys(PREFIXES).sort());
  });
});

describe('the rule before the libraries', () => {
  it('lets nothing through on which a library with cofactor and one without would part, but by the equation', () => {
    const cases = casesOf('ed25519.json') as readonly (Case & { facts: Record<string, unknown> })[];
    for (const { name, publicKey, signature, facts } of cases) {
      const isLetThrough = isStrictEd25519(fromHex(publicKey), fromHex(signature));
      const isOdd = !facts.sBelowL || facts.aOrder === 'small' || facts.rOrder === 'small';
      if (isOdd) expect([name, isLetThrough]).toEqual([name, false]);
    }
  });
});
