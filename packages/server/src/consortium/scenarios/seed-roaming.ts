import { type RoamingSample, readIr21, sampleRoaming } from '@attestel/scenarios';
import { ROAMING_OPERATORS } from './roaming-operators.ts';
import { byBody, credential, type Seeding } from './seeding.ts';

const MAIN = 'main';
const SEED = 'demo';

/** Codes, sheets and networks of each operator, and the usage that the first two have counted for each other. */
export async function seedRoaming(seeding: Seeding, ids: readonly string[]): Promise<void> {
  const operators = ROAMING_OPERATORS.filter(({ id }) => ids.includes(id));
  // Nobody to roam with, nobody to say whose the codes are.
  if (operators.length < 2) return;
  const sample = sampleRoaming({ seed: SEED, operators, dids: operators.map(({ id }) => seeding.did(id)) });
  for (const [i, { id, tadig }] of operators.entries()) {
    const giver = operators[(i + 1) % operators.length] as (typeof operators)[number];
    const operator = { type: 'Operator', subject: seeding.did(id), claims: { tadig: [tadig] } };
    await seeding.once(`roaming/${id}`, credential(giver.id, MAIN, operator));
  }
  for (const { id } of operators) await seedSheets(seeding, id, sample);
  await seedUsage(seeding, ['zhonglian', 'huatong'], sample);
}

async function seedSheets({ once, did }: Seeding, at: string, sample: RoamingSample): Promise<void> {
  const own = sample.operators.find((operator) => operator.did === did(at));
  if (!own) return;
  const [first = ''] = own.ir21;
  const publish = { at, channel: MAIN, command: 'publish' };
  await once(`roaming/${at}/party`, {
    ...{ ...publish, module: 'roaming.party@1.0.0', data: { body: own.party } },
    ...byBody(({ tadig }) => (tadig as readonly string[]).includes(own.tadig)),
  });
  await once(`roaming/${at}/ir21`, {
    ...{ ...publish, module: 'roaming.ir21@1.0.0', data: { body: readIr21(first) } },
    ...byBody(({ sender }) => sender === own.tadig),
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
      ...{ at, channel: MAIN, module: 'roaming.usage@1.0.0', command: 'submit' },
      data: { head: { partner }, items: rows?.items ?? [], to: [partner] },
    });
  }
}
