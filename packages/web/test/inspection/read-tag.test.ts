import { multikeyToText } from '@attestel/core';
import { createMemoryKeyStore, jwsSigner } from '@attestel/keystore';
import { makeTag } from '@attestel/scenarios';
import { describe, expect, it } from 'vitest';
import { isGenuine, tagOfText } from '../../src/inspection/field/read-tag.ts';

const DEVICE = 'ab'.repeat(16);
const keyStore = createMemoryKeyStore();
const made = async (algorithm: 'ES256' | 'EdDSA') => {
  const { ref } = await keyStore.generate({ purpose: 'holder', algorithm });
  const tag = await makeTag(DEVICE, await jwsSigner(keyStore, ref));
  return { tag, key: multikeyToText((await keyStore.signer(ref)).publicKey) };
};

describe('what was scanned', () => {
  it('is a tag as it stands, in a link, in a text, whoever signed it', async () => {
    const { tag } = await made('ES256');
    for (const text of [tag, `https://node.example/inspect#${tag}`, `  ${tag}\n`, `#${tag}`])
      expect(tagOfText(text)).toEqual({ text: tag, device: DEVICE });
  });

  it.each([
    ['nothing', ''],
    ['a link without one', 'https://node.example/inspect'],
    ['no device', `eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.${'A'.repeat(86)}`],
    ['a device that is none', `eyJhbGciOiJFUzI1NiJ9.eyJkZXZpY2UiOiJYIn0.${'A'.repeat(86)}`],
    ['no JSON', `AAAAAAAAAA.AAAAAAAAAA.${'A'.repeat(86)}`],
    ['more than a tag holds', 'A'.repeat(2000)],
  ])('is no tag: %s', (_, text) => {
    expect(tagOfText(text)).toBeUndefined();
  });

  it.each(['ES256', 'EdDSA'] as const)('is genuine by the key of the device alone, %s', async (algorithm) => {
    const [own, other] = [await made(algorithm), await made(algorithm)];
    const read = tagOfText(own.tag);
    if (!read) throw new Error('no tag');
    expect(await isGenuine(read, own.key)).toBe(true);
    expect(await isGenuine(read, other.key)).toBe(false);
    expect(await isGenuine(read, 'z6nonsense')).toBe(false);
    expect(await isGenuine({ ...read, text: read.text.replace(/^./, 'f') }, own.key)).toBe(false);
  });

  it('is not genuine under a key of another algorithm', async () => {
    const [own, other] = [await made('ES256'), await made('EdDSA')];
    expect(await isGenuine({ text: own.tag, device: DEVICE }, other.key)).toBe(false);
  });
});
