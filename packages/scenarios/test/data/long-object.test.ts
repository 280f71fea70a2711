import type { JsonValue } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  endingIn,
  exportPerson,
  joinExports,
  type PersonExport,
} from '../../src/data/person/export-person.ts';
import type { AskParty } from '../../src/host/lookup/collect-answer.ts';
import type { LookupAnswer, LookupPlace } from '../../src/host/lookup/lookup-answer.ts';
import { did, type Node, settleAll } from '../host/world.ts';
import {
  act,
  askIn,
  chainOf,
  consented,
  type DataWorld,
  NOW,
  openDataWorld,
  provided,
} from './data-world.ts';

const CHANNEL = chainOf(0);
const PERSON_NAME = 'ab'.repeat(16);
/** Parts as small as tests want them; a node's hold 1000 lines. */
const PART = { lines: 4, bytes: 1_000_000 };
const CORRECTIONS = 9;

let data: DataWorld;
let provider: Node;
let subject: string;
let long: string;

beforeAll(async () => {
  data = await openDataWorld({ lookupPart: PART });
  provider = data.parties[0];
  const { platform } = data;
  await platform.host.subjectName(CHANNEL, PERSON_NAME).catch(() => undefined);
  await settleAll(data.all);
  subject = await platform.host.subjectName(CHANNEL, PERSON_NAME);
  const consent = await consented({ channel: CHANNEL, subject, provider, recipient: platform });
  const { id } = await provided(provider, CHANNEL, consent, platform);
  long = id;
  const value = { time: NOW, digest: 'ee'.repeat(32), records: 2 };
  const correction = { item: 0, value, reason: 'counted again' };
  for (let number = 0; number < CORRECTIONS; number += 1)
    await act(provider, { channel: CHANNEL, module: 'provision', command: 'correct', id, data: correction });
  await provided(provider, CHANNEL, consent, platform);
  await settleAll([provider, platform]);
}, 120_000);

async function partsFor(asker: Node): Promise<readonly LookupAnswer[]> {
  const parts: LookupAnswer[] = [];
  for (let after: LookupPlace | null = null; parts.length === 0 || after; ) {
    const asked = { channel: CHANNEL, subject, after };
    const part: LookupAnswer = await provider.host.answerLookup(asked, { actor: did(asker) });
    parts.push(part);
    after = part.next;
  }
  return parts;
}

describe('a person of whom there is more than one answer holds', () => {
  it('is told of in parts, an object in several of them where it is too long for one', async () => {
    const parts = await partsFor(provider);
    expect(parts.length).toBeGreaterThan(3);
    for (const { objects } of parts)
      expect(objects.flatMap(({ lines }) => lines).length).toBeLessThanOrEqual(PART.lines);
    const lines = parts.flatMap(({ objects }) => objects).filter(({ id }) => id === long);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.flatMap((one) => one.lines)).toHaveLength(1 + CORRECTIONS);
  });

  it('[D3] is looked up whole: the parts are put together and proved', async () => {
    const { platform } = data;
    const { entries, sources } = await platform.host.lookup(askIn(data, platform), {
      ...{ person: PERSON_NAME, channels: [CHANNEL] },
    });
    expect(entries.map(({ module, gaps }) => [module, gaps])).toEqual([
      ['data.consent', 0],
      ['data.provision', 0],
      ['data.provision', 0],
    ]);
    expect(entries.find(({ id }) => id === long)?.state).toMatchObject({ corrections: CORRECTIONS });
    const source = sources.find(({ party }) => party === did(provider));
    expect(source).toMatchObject({ outcome: 'proved', objects: 3, left: [] });
  });

  it('is told incompletely, with what was left out, by a source that never comes to an end', async () => {
    const { platform } = data;
    let asked = 0;
    const endless: AskParty = async (party, question) => {
      const answer = (await askIn(data, platform)(party, question)) as unknown as LookupAnswer;
      if (party !== did(provider)) return answer as unknown as JsonValue;
      asked += 1;
      const next = { module: 'data.consent', id: 'f'.repeat(32), line: 1 };
      return { ...answer, objects: asked === 1 ? answer.objects.slice(0, 1) : [], next } as never;
    };
    const request = { person: PERSON_NAME, channels: [CHANNEL] };
    const { sources, entries } = await platform.host.lookup(endless, request);
    expect(asked).toBe(16);
    expect(sources.find(({ party }) => party === did(provider))).toMatchObject({
      ...{ outcome: 'incomplete', objects: 1 },
      left: [{ module: 'data.consent', id: 'f'.repeat(32), why: 'too_long' }],
    });
    expect(entries).toHaveLength(1);
  });

  it('names the module of which a source has more than it answers, and the source incomplete', async () => {
    const { platform } = data;
    const left = [{ module: 'data.provision', id: null, why: 'too_many' }];
    const cut: AskParty = async (party, question) => {
      const answer = (await askIn(data, platform)(party, question)) as object;
      return (party === did(provider) ? { ...answer, left } : answer) as JsonValue;
    };
    const { sources } = await platform.host.lookup(cut, { person: PERSON_NAME, channels: [CHANNEL] });
    expect(sources.find(({ party }) => party === did(provider))).toMatchObject({
      ...{ outcome: 'incomplete', objects: 3, left },
    });
  });

  it('[D7] is exported in parts that make one document, and one damaged object keeps nobody from the others', async () => {
    const parts: PersonExport[] = [];
    const states = new Map<string, { state: JsonValue }>();
    for (const answer of await partsFor(provider)) {
      for (const { channel, module, id } of endingIn(answer))
        states.set(id, await provider.host.proveKept({ channel, module, id }));
      const after = parts.at(-1)?.next;
      parts.push(
        exportPerson(answer, { at: NOW, after, stateOf: ({ id }) => states.get(id) ?? { why: 'gone' } }),
      );
    }
    const whole = joinExports(parts as [PersonExport, ...PersonExport[]]);
    expect(whole).toMatchObject({ left: [], next: null });
    expect([whole.consents.length, whole.provisions.length, whole.evidence.length]).toEqual([1, 2, 3]);
    for (const one of whole.evidence) {
      const proved = await data.regulator.host.prove(JSON.parse(JSON.stringify(one)));
      expect(proved).toMatchObject({ id: one.id, gaps: 0 });
    }
    const [first] = await partsFor(provider);
    const damaged = exportPerson(first as LookupAnswer, {
      at: NOW,
      stateOf: () => ({ why: 'evidence_forged' }),
    });
    expect(damaged.consents).toEqual([]);
    expect(damaged.left).toMatchObject([{ module: 'data.consent', why: 'evidence_forged' }]);
  });

  it('takes up after what was erased meanwhile', async () => {
    const [first] = await partsFor(provider);
    const after = { module: 'data.consent', id: 'f'.repeat(32), line: 3 };
    const asked = { channel: CHANNEL, subject, after };
    const { objects } = await provider.host.answerLookup(asked, { actor: did(provider) });
    expect(first?.objects[0]?.module).toBe('data.consent');
    expect(objects[0]).toMatchObject({ module: 'data.provision' });
  });
});
