import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type CoseAlgorithm,
  cosignaturesOf,
  formatPolicy,
  parseNote,
  parsePolicy,
  policyHash,
  verifyCoseReceipt,
  verifyCosignedBody,
  verifyCosignedBodySync,
  verifyPolicyChain,
} from '../../src/index.ts';
import { nodeCrypto, verifyP256 } from '../node-crypto.ts';
import { codeOf, hex, sha256, unhex } from '../sha256.ts';

interface Case {
  readonly name: string;
  readonly expect: string;
  readonly result?: object;
}

const read = <T>(name: string): T =>
  JSON.parse(
    readFileSync(new URL(`../../../../conformance/vectors/proof/${name}`, import.meta.url), 'utf8'),
  ) as T;

/** All byte strings as hex. */
const plain = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, member instanceof Uint8Array ? hex(member) : member]),
  );

async function check({ expect: code, result }: Case, work: () => Promise<object> | object): Promise<void> {
  let outcome: object = {};
  expect(
    await codeOf(async () => {
      outcome = await work();
    }),
  ).toBe(code);
  if (result) expect(plain(outcome)).toMatchObject(result);
}

describe('conformance/vectors/proof/policy.json', () => {
  const { cases } = read<{ cases: (Case & { text: string; canonical?: string; hash?: string })[] }>(
    'policy.json',
  );
  it.each(cases)('$name: $expect', async (entry) => {
    await check(entry, () => parsePolicy(entry.text, sha256));
    if (entry.canonical === undefined) return;
    const policy = parsePolicy(entry.text, sha256);
    expect(formatPolicy(policy)).toBe(entry.canonical);
    expect(hex(policyHash(policy, sha256))).toBe(entry.hash);
  });
});

describe('conformance/vectors/proof/cosigned.json', () => {
  type Cosigned = Case & { note: string; now?: number; maxAgeSeconds?: number };
  const { policy: text, cases } = read<{ policy: string; cases: Cosigned[] }>('cosigned.json');
  const policy = parsePolicy(text, sha256);
  it.each(cases)('$name: $expect', async (entry) => {
    const { now, maxAgeSeconds = Number.MAX_SAFE_INTEGER } = entry;
    const freshness = now === undefined ? undefined : { now, maxAgeSeconds };
    const opened = () => {
      const note = parseNote(entry.note);
      return [policy, note.text, cosignaturesOf(policy, note.signatures), nodeCrypto, freshness] as const;
    };
    await check(entry, () => verifyCosignedBody(...opened()));
    await check(entry, () => verifyCosignedBodySync(...opened()));
  });
});

describe('conformance/vectors/proof/policy-chain.json', () => {
  const { trusted, cases } = read<{
    trusted: { sequence: number; policy: string };
    cases: (Case & { links: string[] })[];
  }>('policy-chain.json');
  it.each(cases)('$name: $expect', async (entry) => {
    const start = { sequence: trusted.sequence, policy: parsePolicy(trusted.policy, sha256) };
    await check(entry, async () => {
      const { sequence, policy } = await verifyPolicyChain(start, entry.links, nodeCrypto);
      return { sequence, hash: policyHash(policy, sha256) };
    });
  });
});

describe('conformance/vectors/proof/cose.json', () => {
  type Trust = { origin: string; algorithm: CoseAlgorithm; keyId: string; publicKey: string };
  const { cases } = read<{ cases: (Case & { receipt: string; leaf: string; trust: Trust })[] }>('cose.json');
  it.each(cases)('$name: $expect', async (entry) => {
    const { origin, algorithm, keyId, publicKey } = entry.trust;
    const verifyKey = algorithm === 'EdDSA' ? nodeCrypto.verifyEd25519 : verifyP256;
    const verify = (message: Uint8Array, signature: Uint8Array) =>
      verifyKey(unhex(publicKey), message, signature);
    const trust = { origin, algorithm, keyId: unhex(keyId), verify };
    await check(entry, () => verifyCoseReceipt(unhex(entry.receipt), unhex(entry.leaf), trust, sha256));
  });
});
