import { createMemoryKeyStore } from '@attestel/keystore';
import { describe, expect, test } from 'vitest';
import { controlKeyRef, ensureControlKeys, findControlKeys } from '../../src/index.ts';

const request = (version: number, count: number) =>
  ({ prefix: 'org', version, count, algorithm: 'EdDSA' }) as const;
const refused = expect.objectContaining({ code: 'control_keys_differ' });

describe('control keys of a key store', () => {
  test('are named after the version that they make', () => {
    expect([controlKeyRef('org', 2), controlKeyRef('org', 12, 3)]).toEqual([
      'org/control-2',
      'org/control-12.3',
    ]);
  });

  test('are found by that version, and only those', async () => {
    const keyStore = createMemoryKeyStore();
    const made = await ensureControlKeys(keyStore, request(1, 1));
    await ensureControlKeys(keyStore, request(10, 2));
    expect((await findControlKeys(keyStore, 'org', 1)).map(({ publicKey }) => publicKey)).toEqual(
      made.map(({ publicKey }) => publicKey),
    );
    expect(await findControlKeys(keyStore, 'org', 10)).toHaveLength(2);
    expect(await findControlKeys(keyStore, 'org', 2)).toEqual([]);
    expect(await findControlKeys(keyStore, 'other', 1)).toEqual([]);
  });

  test('that an attempt before made are taken, so that its operation may still count', async () => {
    const keyStore = createMemoryKeyStore();
    const publicKeys = async () =>
      (await ensureControlKeys(keyStore, request(3, 2))).map(({ publicKey }) => publicKey);
    expect(await publicKeys()).toEqual(await publicKeys());
    expect(await keyStore.list()).toHaveLength(2);
  });

  test('in another number than an attempt before made are refused', async () => {
    const keyStore = createMemoryKeyStore();
    await ensureControlKeys(keyStore, request(3, 2));
    for (const count of [1, 3]) {
      await expect(ensureControlKeys(keyStore, request(3, count))).rejects.toThrow(refused);
    }
  });

  test('are not confused with a key of another purpose under such a name', async () => {
    const keyStore = createMemoryKeyStore();
    await keyStore.generate({ ref: 'org/control-2', purpose: 'ledger', algorithm: 'EdDSA' });
    await expect(findControlKeys(keyStore, 'org', 2)).rejects.toThrow(refused);
  });
});
