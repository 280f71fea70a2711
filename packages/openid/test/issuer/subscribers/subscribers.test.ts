import { createMemoryStore, fromUtf8, type Store, systemRandom, utf8 } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Subscribers, sampleSubscribers } from '../../../src/issuer/index.ts';
import { DEFAULT_LINE_POLICY } from '../../../src/issuer/line/state.ts';
import { openDerivation } from '../../../src/issuer/storage/derivation.ts';
import { createSubscribers } from '../../../src/issuer/subscribers/subscribers.ts';
import { testClock } from '../fakes/clock.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 3 });
const first = samples[0] as (typeof samples)[number];

const keys = createMemoryKeyStore();
let data: Store;
let subscribers: Subscribers;

const open = async (): Promise<Subscribers> =>
  createSubscribers({
    store: data,
    derive: await openDerivation(keys, 'issuer/derivation'),
    policy: DEFAULT_LINE_POLICY,
    clock: testClock(),
    random: systemRandom,
    onListsChanged() {},
  });

beforeEach(async () => {
  data = createMemoryStore();
  subscribers = await open();
});

describe('the subscriber store', () => {
  it('takes a seed twice without a change', async () => {
    expect(await subscribers.seed(samples)).toBe(3);
    const before = subscribers.list();
    expect(await (await open()).seed(samples)).toBe(0);
    expect(subscribers.list()).toEqual(before);
  });

  it('gives every person a handle of 256 random bits', async () => {
    await subscribers.seed(samples);
    const handles = subscribers.list().map(({ line }) => line.handle as string);
    expect(new Set(handles).size).toBe(3);
    for (const handle of handles) expect(Buffer.from(handle, 'base64url')).toHaveLength(32);
  });

  it('finds a line by its number, also after a restart, and no other', async () => {
    await subscribers.seed(samples);
    const again = await open();
    expect((await again.findByNumber(first.phoneNumber))?.subscriptionId).toBe(first.subscriptionId);
    expect(await again.findByNumber('+99910001999999')).toBeUndefined();
    expect(await again.findByNumber('no number')).toBeUndefined();
  });

  it('has an index that cannot be searched for numbers without the operator’s key', async () => {
    await subscribers.seed(samples);
    const index = [...data.range('issuer/numbers')];
    expect(index).toHaveLength(3);
    for (const [key, value] of index) {
      expect(key).toHaveLength(32);
      expect(fromUtf8(value)).toMatch(/^sub-/);
    }
    const foreign = createMemoryKeyStore();
    const derive = await openDerivation(foreign, 'issuer/derivation');
    expect(data.get('issuer/numbers', await derive('number-index', utf8(first.phoneNumber)))).toBeUndefined();
  });

  it('refuses a number twice, an id twice, and what is neither', async () => {
    await subscribers.seed(samples);
    const taken = subscribers.seed([{ ...first, subscriptionId: 'sub-other-one' }]);
    await expect(taken).rejects.toMatchObject({ code: 'number_in_use' });
    const reused = subscribers.seed([{ ...first, phoneNumber: '+99910001999999' }]);
    await expect(reused).rejects.toMatchObject({ code: 'subscription_exists' });
    await expect(subscribers.seed([{ ...first, phoneNumber: '123' }])).rejects.toThrow(TypeError);
    await expect(subscribers.seed([{ ...first, subscriptionId: 'A B' }])).rejects.toThrow(TypeError);
  });

  it('says nothing about a person in its errors', async () => {
    await subscribers.seed(samples);
    const error = await subscribers
      .seed([{ ...first, subscriptionId: 'sub-other-one' }])
      .catch((reason: unknown) => reason);
    expect(JSON.stringify(error) + String(error)).not.toContain(first.phoneNumber.slice(1));
  });

  it('keeps its key for derivations only', async () => {
    await keys.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 'signing' });
    await expect(openDerivation(keys, 'signing')).rejects.toThrow(TypeError);
  });
});
