import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HandInPorts, handIn, type Sent } from '../../src/inspection/field/hand-in.ts';
import { again, type Queue, type TakenVisit, type Visit } from '../../src/inspection/field/queue.ts';
import { instantText, secondsOfInstant } from '../../src/inspection/field/shift.ts';

const RECORD = 'ab'.repeat(16);
/** What may become of one request: answered; lost on the way; its answer lost; late: it arrives after the next one. */
type Fate = 'answered' | 'lost' | 'answer-lost' | 'late';
class Crash extends Error {}

interface Batch {
  readonly number: number;
  readonly visits: readonly Visit[];
}

/** A node by the rule of the module: a number once and in order, and a visit whose form is wrong refuses the batch. */
function createNode(refuses: (visit: Visit) => boolean) {
  const taken: TakenVisit[] = [];
  let sequence = 0;
  const take = ({ number, visits }: Batch): Sent => {
    // As the first number is not checked by the kind, nor is it here.
    if (sequence > 0 && number !== sequence + 1) return { kind: 'repeated' };
    const item = visits.findIndex(refuses);
    if (item !== -1) return { kind: 'refused', item, refusal: { code: 'invalid_argument', field: '/form' } };
    sequence = number;
    for (const {
      item: { device, time, photo },
    } of visits)
      taken.push({ device, time: secondsOfInstant(time), photo, flags: [`flag of ${photo}`] });
    return { kind: 'taken', flags: visits.map(({ item: { photo } }) => [`flag of ${photo}`]), line: 'line' };
  };
  return { take, taken, read: () => ({ sequence, visits: [...taken] }) };
}

const visitOf = (i: number): Visit => ({
  ...{ id: `v${i}`, record: RECORD, state: { at: 'waiting' } },
  item: {
    ...{ device: 'cd'.repeat(16), tag: 't', place: { latitude: '1', longitude: '2' } },
    ...{ time: instantText(1000 + (i % 3)), form: {}, photo: `p${i}`, track: 't', note: '' },
  },
});

/** A phone whose disk keeps what was saved, over a network and a battery that follow the plan. */
function createPhone(
  node: ReturnType<typeof createNode>,
  fates: readonly Fate[],
  crashes: readonly boolean[],
) {
  let disk: Queue = {
    record: {
      id: RECORD,
      province: 'GD',
      template: 't',
      shift: { from: '', until: '' },
      to: [],
      sequence: 0,
      sending: null,
    },
    visits: [],
  };
  const late: Batch[] = [];
  let [requests, writes] = [0, 0];
  const ports: HandInPorts = {
    open: async () => [RECORD],
    load: async () => disk,
    async save(queue, before) {
      const isCrash = crashes[writes++] ?? false;
      // Before or after the write: both happen.
      if (isCrash && writes % 2 === 0) throw new Crash();
      const same = new Set(before.visits);
      const changed = new Map(
        queue.visits.filter((visit) => !same.has(visit)).map((visit) => [visit.id, visit]),
      );
      disk = { record: queue.record, visits: disk.visits.map((visit) => changed.get(visit.id) ?? visit) };
      if (isCrash) throw new Crash();
    },
    async send({ record: { sending } }, visits) {
      const batch = { number: sending?.number ?? 0, visits };
      const fate = fates[requests++] ?? 'answered';
      for (const one of fate === 'late' ? [] : late.splice(0)) node.take(one);
      if (fate === 'late') late.push(batch);
      if (fate === 'late' || fate === 'lost') return { kind: 'unanswered', code: 'offline' };
      const answer = node.take(batch);
      return fate === 'answered' ? answer : { kind: 'unanswered', code: 'offline' };
    },
    read: async () => node.read(),
  };
  return {
    queue: () => disk,
    add: (...visits: readonly Visit[]) => (disk = { ...disk, visits: [...disk.visits, ...visits] }),
    change: (work: (visit: Visit) => Visit) => (disk = { ...disk, visits: disk.visits.map(work) }),
    arriveLate() {
      for (const batch of late.splice(0)) node.take(batch);
    },
    run: () =>
      handIn(ports).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      }),
  };
}

const fates = fc.array(fc.constantFrom<Fate>('answered', 'lost', 'answer-lost', 'late'), { maxLength: 12 });
const crashes = fc.array(fc.boolean(), { maxLength: 12 });

describe('handing in', () => {
  it('records each visit once and shows the node’s own flags, whatever is lost, late or breaks', async () => {
    await fc.assert(
      fc.asyncProperty(fates, crashes, fc.nat(30), fc.nat(6), async (plan, broken, first, later) => {
        const node = createNode(() => false);
        const phone = createPhone(node, plan, broken);
        phone.add(...Array.from({ length: first }, (_, i) => visitOf(i)));
        await phone.run();
        phone.add(...Array.from({ length: later }, (_, i) => visitOf(100 + i)));
        for (let i = 0; i < 30; i += 1) await phone.run();
        phone.arriveLate();
        const photos = node.taken.map(({ photo }) => photo).sort();
        expect(photos).toEqual(
          phone
            .queue()
            .visits.map(({ item }) => item.photo)
            .sort(),
        );
        for (const { state, item } of phone.queue().visits)
          expect(state).toMatchObject({ at: 'taken', flags: [`flag of ${item.photo}`] });
        expect(phone.queue().record.sending).toBeNull();
      }),
    );
  });

  it('keeps what was refused with its reason, holds up nothing else, and records it once it is mended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fates,
        crashes,
        fc.uniqueArray(fc.nat(9), { maxLength: 5 }),
        async (plan, broken, bad) => {
          const wrong = new Set(bad.map((i) => `p${i}`));
          const node = createNode(({ item }) => wrong.has(item.photo) && item.form.mended !== true);
          const phone = createPhone(node, plan, broken);
          phone.add(...Array.from({ length: 10 }, (_, i) => visitOf(i)));
          for (let i = 0; i < 40; i += 1) await phone.run();
          for (const { state, item } of phone.queue().visits)
            expect(state.at).toBe(wrong.has(item.photo) ? 'refused' : 'taken');
          phone.change((visit) => again(visit, { mended: true }));
          for (let i = 0; i < 10; i += 1) await phone.run();
          phone.arriveLate();
          expect(node.taken.map(({ photo }) => photo).sort()).toEqual(
            Array.from({ length: 10 }, (_, i) => `p${i}`),
          );
          expect(phone.queue().visits.every(({ state }) => state.at === 'taken')).toBe(true);
        },
      ),
    );
  });

  it('stops where there is no answer, and says why', async () => {
    const node = createNode(() => false);
    const phone = createPhone(node, ['lost'], []);
    phone.add(visitOf(1));
    expect(await phone.run()).toEqual({ stopped: 'offline' });
    expect(await phone.run()).toEqual({ stopped: null });
  });

  it('gives up for this time where the node never goes on', async () => {
    const stuck = { ...createNode(() => false), take: (): Sent => ({ kind: 'repeated' }) };
    const phone = createPhone(stuck, [], []);
    phone.add(visitOf(1));
    expect(await phone.run()).toEqual({ stopped: 'record_out_of_step' });
    expect(phone.queue().visits[0]?.state.at).toBe('waiting');
  });
});
