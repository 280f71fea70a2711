import { sha256 } from '@attestel/core';
import { afterEach, describe, expect, test, vi } from 'vitest';

const MODULE = '../../src/verify/platform-crypto.ts';
const load = async (): Promise<typeof import('../../src/verify/platform-crypto.ts')> => {
  vi.resetModules();
  return import(MODULE);
};
afterEach(() => vi.unstubAllGlobals());

describe('platformCrypto', () => {
  test("has Node's SHA-256 where there is one", async () => {
    const { platformCrypto } = await load();
    expect(platformCrypto.sha256).not.toBe(sha256);
    for (let length = 0; length < 200; length++) {
      const data = Uint8Array.from({ length }, (_, i) => i * length);
      const digest = platformCrypto.sha256(data);
      expect(digest).toEqual(sha256(data));
      expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype);
    }
  });

  test.each([
    ['in a browser', undefined],
    ['where a bundler has put a process', { env: {} }],
    ['where the module is not to be had', { getBuiltinModule: () => undefined }],
  ])('has the one in JavaScript %s', async (_, process) => {
    vi.stubGlobal('process', process);
    const { platformCrypto } = await load();
    const { sha256: portable } = await import('@attestel/core');
    vi.unstubAllGlobals();
    expect(platformCrypto.sha256).toBe(portable);
  });
});
