import { createMemoryKeyStore, jwsSigner, signJwt } from '@attestel/keystore';
import { beforeAll, describe, expect, it } from 'vitest';
import { flagsOf, type ScanFacts } from '../../src/device/inspection/flags.ts';
import { deviceNamedBy, isTagOf, makeTag, TAG_TYP } from '../../src/device/inspection/tag.ts';

const DEVICE = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);

describe('tags', () => {
  const keyStore = createMemoryKeyStore();
  const made = async () => {
    const { ref } = await keyStore.generate({ purpose: 'holder', algorithm: 'ES256' });
    return { jws: await jwsSigner(keyStore, ref), key: (await keyStore.signer(ref)).publicKey };
  };
  let custodian: Awaited<ReturnType<typeof made>>;
  let stranger: Awaited<ReturnType<typeof made>>;
  beforeAll(async () => {
    custodian = await made();
    stranger = await made();
  });

  it('are of the device that they name, by the key it was registered with', async () => {
    const tag = await makeTag(DEVICE, custodian.jws);
    expect(isTagOf(tag, { id: DEVICE, key: custodian.key })).toBe(true);
    expect(deviceNamedBy(tag)).toBe(DEVICE);
    expect(isTagOf(tag, { id: OTHER, key: custodian.key })).toBe(false);
    expect(isTagOf(tag, { id: DEVICE, key: stranger.key })).toBe(false);
  });

  it.each([
    ['another type', { typ: 'JWT' }, { device: DEVICE }],
    ['a further header', { typ: TAG_TYP, kid: 'x' }, { device: DEVICE }],
    ['a further claim', { typ: TAG_TYP }, { device: DEVICE, site: 'x' }],
    ['no device', { typ: TAG_TYP }, {}],
  ])('are refused with %s, whoever signed', async (_, header, claims) => {
    const tag = await signJwt(header, claims, custodian.jws);
    expect(isTagOf(tag, { id: DEVICE, key: custodian.key })).toBe(false);
  });

  it.each(['', 'a.b', 'https://example.org/', `${'A'.repeat(600)}.e30.AA`])('%# is no tag at all', (text) => {
    expect(isTagOf(text, { id: DEVICE, key: custodian.key })).toBe(false);
    expect(deviceNamedBy(text)).toBeUndefined();
  });
});

describe('flags of an inspection', () => {
  const site = { latitude: 23_129_000, longitude: 113_264_000 };
  const good: ScanFacts = {
    tagMatches: true,
    site,
    place: site,
    time: 1000,
    shift: { from: 0, until: 2000 },
    photo: 'p1',
    isPhotoKnown: () => false,
    before: undefined,
  };
  /** 0.001 of a degree of latitude is 111 m. */
  const north = (micro: number) => ({ ...site, latitude: site.latitude + micro });

  it.each<[string, Partial<ScanFacts>, readonly string[]]>([
    ['none where everything fits', {}, []],
    ['R1: tag of another device [E3]', { tagMatches: false }, ['R1']],
    ['R2: 12 km off [E3]', { place: north(108_000) }, ['R2']],
    ['not R2: 149 m', { place: north(1340) }, []],
    ['R2: 152 m', { place: north(1367) }, ['R2']],
    ['not R2 where nobody said where the device is', { site: undefined, place: north(108_000) }, []],
    ['R3: before the shift', { shift: { from: 1001, until: 2000 } }, ['R3']],
    ['R3: at its very end', { shift: { from: 0, until: 1000 } }, ['R3']],
    ['R4: the same photo twice [E3]', { isPhotoKnown: (digest) => digest === 'p1' }, ['R4']],
    ['R5: 30 km in five minutes [E3]', { before: { place: north(270_000), time: 700 } }, ['R5']],
    ['not R5: 9.9 km in five minutes', { before: { place: north(89_000), time: 700 } }, []],
    ['R5: two places at one time', { before: { place: north(1300), time: 1000 } }, ['R5']],
    ['several, in their order', { tagMatches: false, isPhotoKnown: () => true }, ['R1', 'R4']],
  ])('%s', (_, facts, expected) => {
    expect(flagsOf({ ...good, ...facts })).toEqual(expected);
  });
});
