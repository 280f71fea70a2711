import { type RoamingSample, readIr21, type SampleOperator, sampleRoaming } from '@attestel/scenarios';
import { byBody, credential, type Seeding } from './seeding.ts';

const MAIN = 'main';
const SEED = 'demo';

/** Networks of the demo's operators. PLMNs, numbers and addresses are nobody's (RFC 5737, RFC 5398). */
export const ROAMING_OPERATORS: readonly (SampleOperator & { readonly id: string })[] = [
  {
    ...{ id: 'zhonglian', tadig: 'CHNZL', country: 'CHN', name: 'Zhonglian Mobile', mcc: '460', mnc: '97' },
    ...{ cc: '86', ndc: '190', asn: '64501', net: '198.51.100', zone: '+08:00' },
  },
  {
    ...{ id: 'huatong', tadig: 'HKGHT', country: 'HKG', name: 'Huatong Telecom', mcc: '454', mnc: '97' },
    ...{ cc: '852', ndc: '70', asn: '64502', net: '192.0.2', zone: '+08:00' },
  },
  {
    ...{ id: 'xinyuan', tadig: 'SGPXY', country: 'SGP', name: 'Xinyuan Networks', mcc: '525', mnc: '97' },
    ...{ cc: '65', ndc: '8', asn: '64503', net: '203.0.113', zone: '+08:00' },
  },
];

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
