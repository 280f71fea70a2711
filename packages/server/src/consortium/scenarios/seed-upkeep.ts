import { createHash } from 'node:crypto';
import { type Clock, multikeyToText, unixSeconds } from '@attestel/core';
import { jwsSigner, type KeyStore } from '@attestel/keystore';
import { instantText, makeTag, tagKeyRef } from '@attestel/scenarios';
import type { Province } from './participants.ts';
import type { ProvinceStock } from './seed-device.ts';
import type { SeedCommand, Seeding } from './seeding.ts';

const HOUR = 3600;
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * What the tower company has to do at the stations: a fault that it has mended, which a visit confirmed, in the province
 * with an inspector; one that it is at work on in the other. @returns text of the tag that the visit was proved by
 */
export async function seedUpkeep(
  seeding: Seeding,
  province: Province,
  stock: ProvinceStock,
  clock: Clock,
): Promise<string | undefined> {
  if (province.unit === 'guangdong') return seedMended(seeding, province, stock, clock);
  await openFault(seeding, province, stock, { by: province.unit, ...WORN });
  return undefined;
}

const LOUD = { severity: 'major', text: 'Air conditioning of the shelter has failed' } as const;
const WORN = { severity: 'minor', text: 'Surge protector of the mast is worn' } as const;

interface Found {
  /** Who has found it. */
  readonly by: string;
  readonly severity: string;
  readonly text: string;
}

/** A fault with a work order, which the tower company has begun. @returns what runs further commands on it */
async function openFault(
  { once, did }: Seeding,
  { unit, code, channel }: Province,
  { station }: ProvinceStock,
  { by, ...what }: Found,
) {
  const fault = { channel, module: 'device.fault@1' };
  const facts = { device: station, ...what };
  const data = { category: 'fault', facts, parties: [did('zhonglian')] };
  // A third party moves it from then on: the second one signs that along.
  const opened = { ...fault, at: unit, by, command: 'open', data, told: ['zhonglian'] };
  const id = await once(`device/${unit}/fault`, opened);
  const step = (command: string, at: string, more: SeedCommand['data'], told: readonly string[]) =>
    once(`device/${unit}/fault/${command}`, { ...fault, id, at, command, data: more, told });
  await step('assign', unit, { to: did('tower'), text: `Work order ${code}-W-1` }, ['tower']);
  await step('start', 'tower', {}, []);
  return step;
}

async function seedMended(
  seeding: Seeding,
  province: Province,
  stock: ProvinceStock,
  clock: Clock,
): Promise<string> {
  const tag = await seedTag(seeding, province, stock);
  const step = await openFault(seeding, province, stock, { by: 'inspector', ...LOUD });
  await step('resolve', 'tower', { text: 'Compressor replaced' }, [province.unit]);
  const id = await visit(seeding, province, stock, { tag, now: unixSeconds(clock) });
  await step('close', province.unit, { evidence: [{ module: 'device.inspection', id }] }, []);
  return tag;
}

/** The station gets a tag. @returns its text */
async function seedTag(
  { once, who }: Seeding,
  { unit, channel }: Province,
  { station, facts }: ProvinceStock,
): Promise<string> {
  const { keyStore } = who(unit).party;
  const ref = await ensureTagKey(keyStore, facts.serial);
  const tagKey = multikeyToText((await keyStore.signer(ref)).publicKey);
  await once(`device/${unit}/${facts.serial}/tag`, {
    ...{ at: unit, channel, module: 'device.item@1', command: 'update', id: station },
    data: { facts: { ...facts, tagKey } },
  });
  return makeTag(station, await jwsSigner(keyStore, ref));
}

/** Under the name that `attestel device tag` knows, so that the tag can be printed again. */
async function ensureTagKey(keyStore: KeyStore, serial: string): Promise<string> {
  const ref = tagKeyRef(serial);
  if (!(await keyStore.find(ref))) await keyStore.generate({ purpose: 'holder', algorithm: 'ES256', ref });
  return ref;
}

/** The inspector was there and found nothing. Its photo stays with the inspector: here is what its digest would be of. */
function visit(
  { once, did }: Seeding,
  { unit, code, channel }: Province,
  { station, template, facts }: ProvinceStock,
  { tag, now }: { readonly tag: string; readonly now: number },
): Promise<string> {
  const item = {
    ...{ device: station, tag, place: facts.place, time: instantText(now) },
    form: { clean: true, lamp: 'green', humidity: '41.5' },
    ...{ photo: digestOf(`photo ${station}`), track: digestOf(`track ${station}`), note: '' },
  };
  const shift = { from: instantText(now - 2 * HOUR), until: instantText(now + 6 * HOUR) };
  return once(`device/${unit}/visit`, {
    ...{ at: unit, by: 'inspector', channel, module: 'device.inspection@1', command: 'submit' },
    data: {
      head: { province: code, template, shift, number: 1 },
      items: [item],
      to: [did('zhonglian'), did('tower')],
    },
  });
}
