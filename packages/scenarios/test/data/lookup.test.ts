import type { JsonValue } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../../src/errors.ts';
import type { AskParty } from '../../src/host/lookup/collect-answer.ts';
import type { LookupAnswer } from '../../src/host/lookup/lookup-answer.ts';
import { did, settleAll } from '../host/world.ts';
import {
  askIn,
  chainOf,
  consented,
  type DataWorld,
  NOW,
  openDataWorld,
  provided,
  revoked,
} from './data-world.ts';

const NAME = 'ab'.repeat(16);

/** The platform knows one person; two parties know them too, by names that only their sub-chain has. */
async function knownTwice(): Promise<DataWorld & { readonly subjects: readonly string[] }> {
  const data = await openDataWorld();
  const { platform, parties } = data;
  const subjects: string[] = [];
  for (const number of [0, 1]) {
    const channel = chainOf(number);
    await platform.host.subjectName(channel, NAME).catch(() => undefined);
    await settleAll(data.all);
    const subject = await platform.host.subjectName(channel, NAME);
    subjects.push(subject);
    const provider = parties[number] as (typeof parties)[0];
    const consent = await consented({ channel, subject, provider, recipient: platform });
    await provided(provider, channel, consent, platform);
    if (number === 1) await revoked(provider, channel, consent);
  }
  await platform.host.subjectName(chainOf(2), NAME).catch(() => undefined);
  await settleAll(data.all);
  return { ...data, subjects };
}

it('[D3] gives one answer over three sub-chains, each source proved by the ledger, and none to who is no member', async () => {
  const data = await knownTwice();
  const { platform, regulator, parties, subjects } = data;
  const [one, two] = parties;
  expect(subjects[0]).not.toBe(subjects[1]);
  const question = { channel: chainOf(1), subject: subjects[1] as string };
  await expect(two.host.answerLookup(question, { actor: did(one) })).rejects.toMatchObject({
    ...{ code: 'permission_denied', status: 403 },
  });
  for (const number of [0, 1]) {
    const asked = { channel: chainOf(number), subject: subjects[number] as string };
    const told = await (parties[number] as typeof one).host.answerLookup(asked, { actor: did(regulator) });
    expect(told.objects.map(({ module }) => module)).toEqual(['data.consent', 'data.provision']);
    expect(told.objects.every(({ lines }) => lines.every(({ kept }) => kept !== null))).toBe(true);
  }
  const { entries, sources } = await platform.host.lookup(askIn(data, platform), { person: NAME });
  expect(entries.map(({ channel, module, gaps }) => [channel, module, gaps])).toEqual([
    [chainOf(0), 'data.consent', 0],
    [chainOf(0), 'data.provision', 0],
    [chainOf(1), 'data.consent', 0],
    [chainOf(1), 'data.provision', 0],
  ]);
  expect(entries[0]?.state).toMatchObject({ status: 'active', scope: { subject: subjects[0] } });
  expect(entries[2]?.state).toMatchObject({ status: 'revoked' });
  expect(entries.map((entry) => entry.sources)).toEqual([[did(one)], [did(one)], [did(two)], [did(two)]]);
  expect(sources).toHaveLength(6);
  expect(sources.every(({ outcome }) => outcome === 'proved')).toBe(true);
});

type Writable<T> = T extends readonly (infer E)[]
  ? Writable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T;
type Forgeable = Writable<LookupAnswer>;

/** As a dishonest node of the second party would answer. */
const lying =
  (data: DataWorld, lie: (answer: Forgeable) => void): AskParty =>
  async (party, question) => {
    const answer = (await askIn(data, data.platform)(party, question)) as unknown as Forgeable;
    if (party === did(data.parties[1])) lie(answer);
    return answer as unknown as JsonValue;
  };

const consentIn = ({ objects }: Forgeable) =>
  objects.find(({ module }) => module === 'data.consent') as Forgeable['objects'][number];

describe('a source that lies is named, and nothing of it is in the answer', () => {
  let data: Awaited<ReturnType<typeof knownTwice>>;
  beforeAll(async () => {
    data = await knownTwice();
  });

  it.each<[string, (answer: Forgeable) => void, string]>([
    [
      'changes a payload',
      (answer) => {
        const { kept } = consentIn(answer).lines[0] as Forgeable['objects'][number]['lines'][number];
        const [event] = kept?.payload.events ?? [];
        if (event) event.data = { ...event.data, approvers: [] };
      },
      'evidence_forged /lines/0 digest',
    ],
    [
      'changes the items of a batch',
      (answer) => {
        const kept = answer.objects[1]?.lines[0]?.kept;
        if (kept) kept.items = [{ time: NOW, digest: 'ee'.repeat(32), records: 9 }];
      },
      'evidence_forged /lines/0 items',
    ],
    [
      'tells lines in another order',
      (answer) => void consentIn(answer).lines.reverse(),
      'evidence_forged /lines/0 line',
    ],
    [
      'shows an object that the ledger does not have',
      (answer) => void Object.assign(consentIn(answer), { id: '0'.repeat(32) }),
      'not_found /id',
    ],
    [
      'shows one twice',
      ({ objects }) => void objects.push(objects[0] as Forgeable['objects'][number]),
      'evidence_forged /objects/2 twice',
    ],
    [
      'answers in the name of another',
      (answer) => void Object.assign(answer, { party: did(data.parties[0]) }),
      'evidence_forged question',
    ],
    [
      'answers something else',
      (answer) => void Object.assign(answer, { subject: data.subjects[0] ?? '' }),
      'evidence_forged question',
    ],
    ['adds a field', (answer) => void Object.assign(answer, { more: 1 }), 'invalid_argument /'],
  ])('%s', async (_, lie, why) => {
    const { platform, parties } = data;
    const { entries, sources } = await platform.host.lookup(lying(data, lie), { person: NAME });
    const liar = sources.find(({ party }) => party === did(parties[1]));
    expect(liar).toMatchObject({ outcome: 'forged', objects: 0, why });
    expect(entries.map(({ channel }) => channel)).toEqual([chainOf(0), chainOf(0)]);
    expect(sources.filter(({ outcome }) => outcome !== 'proved')).toEqual([liar]);
  });

  it.each<[string, (answer: Forgeable) => void, string]>([
    [
      'keeps the end of a consent back',
      (answer) => void consentIn(answer).lines.pop(),
      'evidence_forged /lines/2 left_out',
    ],
    [
      'adds a line that the object does not have',
      ({ objects }) => void objects[0]?.lines.push(...(objects[1]?.lines ?? [])),
      'evidence_forged /lines/3 line_unknown',
    ],
  ])(
    'is as one that is not at the same head of the ledger where it %s: named, and nothing taken',
    async (_, lie, why) => {
      const { platform, parties } = data;
      const { entries, sources } = await platform.host.lookup(lying(data, lie), { person: NAME });
      const told = sources.find(({ party }) => party === did(parties[1]));
      expect(told).toMatchObject({ outcome: 'stale', objects: 0, why });
      expect(entries.map(({ channel }) => channel)).toEqual([chainOf(0), chainOf(0)]);
    },
  );

  it('is incomplete where it lacks what it was told, and has gaps where it says that it erased something', async () => {
    const { platform, parties } = data;
    const dropping = lying(data, ({ objects }) => void objects.splice(0, 1));
    const dropped = await platform.host.lookup(dropping, { person: NAME });
    expect(dropped.sources.find(({ party }) => party === did(parties[1]))).toMatchObject({
      // What is left is a provision, whose person nobody can tell without the consent.
      ...{ outcome: 'forged', why: 'evidence_forged /objects/0 subject' },
    });
    const silent = lying(data, (answer) => void Object.assign(answer, { objects: [] }));
    const emptied = await platform.host.lookup(silent, { person: NAME });
    expect(emptied.sources.find(({ party }) => party === did(parties[1]))).toMatchObject({
      ...{ outcome: 'incomplete', objects: 0, why: expect.stringMatching(/^left_out data\.consent /) },
    });
    const hiding = lying(data, (answer) => {
      const [last] = consentIn(answer).lines.slice(-1);
      if (last) last.kept = null;
    });
    const { entries } = await platform.host.lookup(hiding, { person: NAME });
    expect(
      entries.find(({ channel, module }) => channel === chainOf(1) && module === 'data.consent'),
    ).toMatchObject({
      gaps: 1,
    });
  });

  it('is silent where nobody answers, and the others are there all the same', async () => {
    const { platform, parties } = data;
    const ask: AskParty = async (party, question) => {
      if (party === did(parties[1])) throw fail('exchange_unreachable');
      return askIn(data, platform)(party, question);
    };
    const { entries, sources } = await platform.host.lookup(ask, { person: NAME });
    expect(entries).toHaveLength(2);
    expect(sources.find(({ party }) => party === did(parties[1]))).toMatchObject({
      ...{ outcome: 'silent', why: 'exchange_unreachable' },
    });
  });

  it('answers members of the channel, also where everybody reads it', async () => {
    const [one] = data.parties;
    const question = { channel: 'main', subject: NAME };
    expect(await one.host.answerLookup(question, { actor: did(data.regulator) })).toMatchObject({
      objects: [],
    });
    await expect(one.host.answerLookup(question, { actor: 'did:mno:stranger' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('answers for channels of its own alone, and for random names', async () => {
    const { parties } = data;
    const [one] = parties;
    const ask = askIn(data, one);
    await expect(one.host.lookup(ask, { person: NAME, channels: [chainOf(1)] })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    for (const person of ['+8613800138000', 'AB'.repeat(16), ''])
      await expect(one.host.lookup(ask, { person })).rejects.toMatchObject({ field: '/person' });
  });

  it('leaves no name of a person on the ledger', async () => {
    const { world, subjects } = data;
    const entries = [...world.consortium.ledger.entries(0, 10_000)];
    const log = Buffer.concat(entries.map(({ bytes }) => bytes));
    expect(log.includes(chainOf(1))).toBe(true);
    for (const name of [NAME, ...subjects]) {
      expect(log.includes(name)).toBe(false);
      expect(log.includes(Buffer.from(name, 'hex'))).toBe(false);
    }
  });
});
