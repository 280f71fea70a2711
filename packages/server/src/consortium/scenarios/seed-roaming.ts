import type { Clock } from '@attestel/core';
import { type RoamingSample, readIr21, sampleRoaming } from '@attestel/scenarios';
import { ROAMING_CHANNEL } from './participants.ts';
import { ROAMING_OPERATORS } from './roaming-operators.ts';
import { credential, type Seeding } from './seeding.ts';

const SEED = 'demo';
/** The 60 days of `roaming.iot`, and one for the start to take its time. */
const NOTICE_MILLISECONDS = 61 * 86_400_000;

/** Codes, sheets and networks of each operator; what the first two have counted for each other, and their tariff. */
export async function seedRoaming(seeding: Seeding, ids: readonly string[], clock: Clock): Promise<void> {
  const operators = ROAMING_OPERATORS.filter(({ id }) => ids.includes(id));
  // Nobody to roam with, nobody to say whose the codes are.
  if (operators.length < 2) return;
  const dids = operators.map(({ id }) => seeding.did(id));
  const sample = sampleRoaming({ seed: SEED, operators, dids, from: monthAfterNotice(clock) });
  for (const [i, { id, tadig }] of operators.entries()) {
    const giver = operators[(i + 1) % operators.length] as (typeof operators)[number];
    const operator = { type: 'Operator', subject: seeding.did(id), claims: { tadig: [tadig] } };
    const given = { at: giver.id, to: id, channel: ROAMING_CHANNEL };
    await seeding.once(`roaming/${id}`, credential(given, operator));
  }
  for (const { id } of operators) await seedSheets(seeding, id, sample);
  await seedUsage(seeding, ['zhonglian', 'huatong'], sample);
  await seedTariff(seeding, ['zhonglian', 'huatong'], sample);
}

/** First whole month in which a tariff that is proposed now can be in force. */
function monthAfterNotice(clock: Clock): string {
  const first = new Date(clock.now() + NOTICE_MILLISECONDS);
  first.setUTCMonth(first.getUTCMonth() + 1, 1);
  return first.toISOString().slice(0, 7).replace('-', '');
}

async function seedTariff(
  { once, did }: Seeding,
  [at, other]: readonly [string, string],
  { tariffs }: RoamingSample,
): Promise<void> {
  const tariff = tariffs.find(({ parties }) => [at, other].every((id) => parties.includes(did(id))));
  if (!tariff) return;
  const iot = { channel: ROAMING_CHANNEL, module: 'roaming.iot@1.0.0' };
  const data = { parties: [did(other)], terms: tariff.terms };
  const proposal = { ...iot, at, command: 'propose', data, told: [other] };
  const id = await once(`roaming/${at}/iot/${other}`, proposal);
  const step = `roaming/${at}/iot/${other}/sign`;
  await once(step, { ...iot, at: other, command: 'sign', id, data: { version: 1 } });
}

async function seedSheets({ once, did }: Seeding, at: string, sample: RoamingSample): Promise<void> {
  const own = sample.operators.find((operator) => operator.did === did(at));
  if (!own) return;
  const [first = ''] = own.ir21;
  const publish = { at, channel: ROAMING_CHANNEL, command: 'publish' };
  await once(`roaming/${at}/party`, {
    ...{ ...publish, module: 'roaming.party@1.0.0', data: { body: own.party } },
  });
  await once(`roaming/${at}/ir21`, {
    ...{ ...publish, module: 'roaming.ir21@1.0.0', data: { body: readIr21(first) } },
  });
}

async function seedUsage(
  { once, did }: Seeding,
  pair: readonly [string, string],
  sample: RoamingSample,
): Promise<void> {
  for (const [at, other] of [pair, [pair[1], pair[0]]] as const) {
    const rows = sample.usage.find(({ owner, partner }) => owner === did(at) && partner === did(other));
    const partner = did(other);
    await once(`roaming/${at}/usage/${other}`, {
      ...{ at, channel: ROAMING_CHANNEL, module: 'roaming.usage@1.0.0', command: 'submit' },
      data: { head: { partner }, items: rows?.items ?? [], to: [partner] },
    });
  }
}
