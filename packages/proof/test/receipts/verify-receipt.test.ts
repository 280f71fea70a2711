import { describe, expect, it } from 'vitest';
import {
  createCheckpointCache,
  encodeReceipt,
  formatNote,
  formatTlogProof,
  parseTlogProof,
  type Receipt,
  type SyncProofCrypto,
  stapleReceipt,
  verifyReceipt,
} from '../../src/index.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { codeOf, flipped, hashOf, sha256, utf8 } from '../sha256.ts';
import { BODY, cosigned, eventReceipt, HASH, policy, policyOf, stateReceipt, TIME } from './sample.ts';

const present = stateReceipt('key 3');
const reference = encodeReceipt(present);
const stapled = stapleReceipt(sha256, reference, cosigned());

/** Counts the signatures that were checked. */
function counting(): { crypto: SyncProofCrypto; checked: () => number } {
  let count = 0;
  const crypto: SyncProofCrypto = {
    sha256,
    verifyEd25519: (...job) => {
      count += 1;
      return nodeCrypto.verifyEd25519(...job);
    },
  };
  return { crypto, checked: () => count };
}

describe('checkpoint cache', () => {
  it('makes many receipts of one checkpoint cost its signatures once', async () => {
    const { crypto, checked } = counting();
    const options = { policy, crypto, cache: createCheckpointCache() };
    await verifyReceipt(stapled, options);
    await verifyReceipt(stapled, options);
    await verifyReceipt(reference, options);
    await verifyReceipt(encodeReceipt(eventReceipt(4)), options);
    expect(checked()).toBe(2);
  });

  it('keeps nothing of a receipt that was refused', async () => {
    const cache = createCheckpointCache();
    const options = { policy, crypto: nodeCrypto, cache };
    const wrongPath = stapleReceipt(
      sha256,
      encodeReceipt({ ...present, key: 'key 4' } as Receipt),
      cosigned(),
    );
    const tooFew = stapleReceipt(sha256, reference, cosigned(TIME, ['a']));
    const forged = flipped(stapled, 3 + 2 + utf8(BODY).length + 20);
    for (const [bytes, code] of [
      [wrongPath, 'path_mismatch'],
      [tooFew, 'quorum_not_met'],
      [forged, 'cosignature_invalid'],
    ] as const) {
      expect(await codeOf(() => verifyReceipt(bytes, options))).toBe(code);
      expect(await codeOf(() => verifyReceipt(reference, options))).toBe('checkpoint_unknown');
    }
    expect(await codeOf(() => verifyReceipt(stapled, { ...options, now: TIME + 9, maxAgeSeconds: 8 }))).toBe(
      'checkpoint_stale',
    );
    expect(cache.get(policy, HASH)).toBeUndefined();
  });

  it('never lends what one policy accepted to another', async () => {
    const cache = createCheckpointCache();
    await verifyReceipt(stapled, { policy, crypto: nodeCrypto, cache });
    const strict = { policy: policyOf(3), crypto: nodeCrypto, cache };
    expect(await codeOf(() => verifyReceipt(reference, strict))).toBe('checkpoint_unknown');
    expect(await codeOf(() => verifyReceipt(stapled, strict))).toBe('quorum_not_met');
  });

  it('is renewed by a heartbeat and not taken back by an older staple', async () => {
    const cache = createCheckpointCache();
    const options = { policy, crypto: nodeCrypto, cache };
    const later = stapleReceipt(sha256, reference, cosigned(TIME + 100));
    await verifyReceipt(stapled, options);
    const bounds = { now: TIME + 110, maxAgeSeconds: 60 };
    expect(await codeOf(() => verifyReceipt(reference, { ...options, ...bounds }))).toBe('checkpoint_stale');
    expect(await codeOf(() => verifyReceipt(stapled, { ...options, ...bounds }))).toBe('checkpoint_stale');
    expect((await verifyReceipt(later, { ...options, ...bounds })).checkpoint.time).toBe(TIME + 100);
    expect((await verifyReceipt(stapled, { ...options, ...bounds })).checkpoint.time).toBe(TIME + 100);
    await verifyReceipt(stapled, { policy, crypto: nodeCrypto, cache });
    expect(cache.get(policy, HASH)?.time).toBe(TIME + 100);
  });

  it('forgets the oldest time beyond its capacity, whenever that came', () => {
    const cache = createCheckpointCache(2);
    for (const seconds of [2, 3, 1]) {
      const head = { origin: 'o', size: 0, root: HASH, state: HASH };
      cache.put(policy, { ...head, time: TIME + seconds, hash: hashOf(`${seconds}`) });
    }
    const kept = [1, 2, 3].filter((seconds) => cache.get(policy, hashOf(`${seconds}`)));
    expect(kept).toEqual([2, 3]);
  });

  it('does not change with what callers do to an answer', async () => {
    const options = { policy, crypto: nodeCrypto, cache: createCheckpointCache() };
    const first = await verifyReceipt(stapled, options);
    const second = await verifyReceipt(reference, options);
    for (const { root, state, hash } of [first.checkpoint, second.checkpoint]) {
      for (const bytes of [root, state, hash]) bytes.fill(0);
    }
    // 32 zero bytes are the root of the empty state, in which every key is absent.
    const nothing = encodeReceipt({ ...present, path: { siblings: [], end: { kind: 'empty' } } } as Receipt);
    expect(await codeOf(() => verifyReceipt(nothing, options))).toBe('path_mismatch');
    expect(await codeOf(() => verifyReceipt(reference, options))).toBe('accepted');
  });

  it('does not hold a time from the future against a staple of now', async () => {
    const options = { policy, crypto: nodeCrypto, cache: createCheckpointCache() };
    await verifyReceipt(stapleReceipt(sha256, reference, cosigned(TIME + 10_000)), options);
    const bounds = { ...options, now: TIME + 5, maxAgeSeconds: 60 };
    expect((await verifyReceipt(stapled, bounds)).checkpoint.time).toBe(TIME);
    expect(await codeOf(() => verifyReceipt(reference, bounds))).toBe('checkpoint_from_future');
  });
});

describe('verifyReceipt', () => {
  it('asks for the time when it is given a bound', async () => {
    const options = { policy, crypto: nodeCrypto, maxAgeSeconds: 60 };
    await expect(verifyReceipt(stapled, options)).rejects.toThrow(TypeError);
  });

  it('does not take a promise that fails for a yes', async () => {
    const crypto = { sha256, verifyEd25519: () => Promise.resolve(false) };
    expect(await codeOf(() => verifyReceipt(stapled, { policy, crypto }))).toBe('cosignature_invalid');
  });
});

describe('stapleReceipt', () => {
  it.each([
    ['another body', reference, { ...cosigned(), body: `${BODY}x\n` }],
    ['a receipt that is stapled already', stapled, cosigned()],
    ['bytes that are no receipt', new Uint8Array(5), cosigned()],
    ['no signatures', reference, cosigned(TIME, [])],
  ])('refuses %s', (_, bytes, checkpoint) => {
    expect(() => stapleReceipt(sha256, bytes, checkpoint)).toThrow(TypeError);
  });
});

describe('encodeReceipt', () => {
  const event = eventReceipt(2) as Receipt & { kind: 'event' };
  const state = present as Receipt & { kind: 'state' };
  const [signature] = cosigned().signatures;
  it.each<[string, Receipt]>([
    ['a fraction as index', { ...event, index: 1.5 }],
    ['an index beyond exact numbers', { ...event, index: 2 ** 53 }],
    ['64 log hashes', { ...event, path: Array.from({ length: 64 }, () => HASH) }],
    ['a short hash', { ...event, path: [HASH.slice(1)] }],
    ['a short checkpoint hash', { ...event, checkpoint: { form: 'reference', hash: HASH.slice(1) } }],
    ['a leaf larger than receipts', { ...event, leaf: new Uint8Array(2_000_000) }],
    ['a long module', { ...state, module: 'm'.repeat(256) }],
    ['U+0000 in the module', { ...state, module: 'a\0b' }],
    ['a long key', { ...state, key: 'k'.repeat(65_536) }],
    ['a lone surrogate', { ...state, key: '\ud800' }],
    [
      '257 siblings',
      { ...state, path: { ...state.path, siblings: Array.from({ length: 257 }, () => null) } },
    ],
    [
      'one signer twice',
      {
        ...state,
        checkpoint: { form: 'stapled', body: BODY, signatures: signature ? [signature, signature] : [] },
      },
    ],
  ])('refuses %s', (_, receipt) => {
    expect(() => encodeReceipt(receipt)).toThrow(TypeError);
  });
});

describe('tlog-proof text', () => {
  const note = formatNote(BODY, [{ name: 'x', keyId: new Uint8Array(4), signature: HASH }]);
  it('reads back what it wrote', () => {
    for (const extra of [undefined, new Uint8Array(), utf8('more')]) {
      const proof = { index: 2 ** 40, path: [HASH, hashOf('x')], note, ...(extra && { extra }) };
      expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
    }
  });

  it('is not written for what it cannot hold', () => {
    expect(() => formatTlogProof({ index: -1, path: [], note })).toThrow(TypeError);
    expect(() => formatTlogProof({ index: 0, path: [HASH.slice(1)], note })).toThrow(TypeError);
    expect(() => formatTlogProof({ index: 0, path: [], note, extra: new Uint8Array(600_000) })).toThrow(
      TypeError,
    );
  });
});
