import { describe, expect, it } from 'vitest';
import {
  assertFresh,
  cosignatureJobs,
  type ProofCrypto,
  type SyncProofCrypto,
  verifyCosignedBody,
  verifyCosignedBodySync,
} from '../../src/index.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { codeOf, flipped, hashOf, sha256, utf8 } from '../sha256.ts';
import { BODY, cosign, flat, ORIGIN } from './network.ts';

const policy = flat(4, 3);
const three = [0, 1, 2].map((i) => cosign(policy, i, 1000 + i));

describe('cosigned checkpoint', () => {
  it('says log, state, time of the quorum and its own hash, awaited or not', async () => {
    const expected = {
      origin: ORIGIN,
      size: 42,
      root: hashOf('root'),
      state: hashOf('state'),
      time: 1000,
      hash: sha256(utf8(BODY)),
    };
    expect(await verifyCosignedBody(policy, BODY, three, nodeCrypto)).toEqual(expected);
    expect(verifyCosignedBodySync(policy, BODY, three, nodeCrypto)).toEqual(expected);
  });

  it('is checked by a port that answers later', async () => {
    const later: ProofCrypto = {
      ...nodeCrypto,
      verifyEd25519: async (...all) => nodeCrypto.verifyEd25519(...all),
    };
    expect((await verifyCosignedBody(policy, BODY, three, later)).size).toBe(42);
    const forged = three.map((one) => ({ ...one, signature: flipped(one.signature, 0) }));
    expect(await codeOf(() => verifyCosignedBody(policy, BODY, forged, later))).toBe('cosignature_invalid');
  });

  it('is refused when a port that answers later stands where nothing is awaited', async () => {
    const later = { ...nodeCrypto, verifyEd25519: async () => true } as unknown as SyncProofCrypto;
    expect(await codeOf(() => verifyCosignedBodySync(policy, BODY, three, later))).toBe(
      'cosignature_invalid',
    );
  });

  it('is refused for every single turned bit of a signature', async () => {
    const [first, ...rest] = three;
    if (!first) throw new Error('three signatures');
    for (let at = 0; at < 64; at++) {
      const forged = { ...first, signature: flipped(first.signature, at, at % 8) };
      const code = await codeOf(() => verifyCosignedBodySync(policy, BODY, [forged, ...rest], nodeCrypto));
      expect(code).toBe('cosignature_invalid');
    }
  });

  it('finds one key under two names also in a policy that no text could give', async () => {
    const [w0, w1, ...others] = policy.witnesses;
    if (!w0 || !w1) throw new Error('four witnesses');
    const twins = { ...policy, witnesses: [w0, { ...w1, publicKey: w0.publicKey }, ...others] };
    const twice = [
      cosign(policy, 0, 1000),
      { ...cosign(policy, 0, 1000), keyId: w1.keyId },
      cosign(policy, 2, 1000),
    ];
    expect(await codeOf(() => verifyCosignedBodySync(twins, BODY, twice, nodeCrypto))).toBe(
      'cosignature_duplicate',
    );
  });

  it('takes 64 cosignatures and no more, strangers included', async () => {
    const strangers = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        keyId: Uint8Array.of(0, 0, 0, i),
        time: 0,
        signature: new Uint8Array(64),
      }));
    const codeAt = (count: number) =>
      codeOf(() => verifyCosignedBodySync(policy, BODY, [...three, ...strangers(count)], nodeCrypto));
    expect(await codeAt(61)).toBe('accepted');
    expect(await codeAt(62)).toBe('cosignature_malformed');
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses time %d', async (time) => {
    const bad = [{ ...cosign(policy, 0, 1), time }];
    expect(await codeOf(() => cosignatureJobs(policy, BODY, bad))).toBe('cosignature_malformed');
  });

  it('gives out its checks one by one, for workers', () => {
    const jobs = cosignatureJobs(policy, BODY, three);
    expect(jobs.map(({ witness, time }) => [witness.name, time])).toEqual([
      ['w0', 1000],
      ['w1', 1001],
      ['w2', 1002],
    ]);
    for (const { publicKey, message, signature } of jobs) {
      expect(nodeCrypto.verifyEd25519(publicKey, message, signature)).toBe(true);
    }
  });
});

describe('freshness', () => {
  it('allows the given lead of witnesses, 60 seconds unless given', async () => {
    expect(await codeOf(() => assertFresh(160, { now: 100 }))).toBe('accepted');
    expect(await codeOf(() => assertFresh(161, { now: 100 }))).toBe('checkpoint_from_future');
    expect(await codeOf(() => assertFresh(101, { now: 100, maxAheadSeconds: 0 }))).toBe(
      'checkpoint_from_future',
    );
  });

  it('knows no age unless one is given', async () => {
    expect(await codeOf(() => assertFresh(0, { now: 1e12 }))).toBe('accepted');
    expect(await codeOf(() => assertFresh(0, { now: 11, maxAgeSeconds: 10 }))).toBe('checkpoint_stale');
  });

  it.each([
    { now: Number.NaN },
    { now: 1, maxAgeSeconds: Number.NaN },
    { now: 1, maxAheadSeconds: Number.POSITIVE_INFINITY },
  ])('refuses bounds that compare with nothing: %j', (bounds) => {
    expect(() => assertFresh(1, bounds)).toThrow(TypeError);
  });
});
