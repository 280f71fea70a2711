import { describe, expect, it } from 'vitest';
import { resultOf, type StatementInputs } from '../../src/roaming/modules/check-statement.ts';
import type { StatementTerms } from '../../src/roaming/modules/statement-schema.ts';
import { readPain001 } from '../../src/roaming/payment/read-pain001.ts';
import { writePain001 } from '../../src/roaming/payment/write-pain001.ts';
import type { Debt } from '../../src/roaming/settlement/net-position.ts';
import type { Play } from '../harness/play.ts';
import {
  ARBITER,
  agreeTariff,
  at,
  CLEARING,
  CN,
  JP,
  STRANGER,
  startPlay,
  tariff,
  usageRow,
} from './roaming-play.ts';

const denied = expect.objectContaining({ kind: 'denied' });
const field = (pointer: string) => expect.objectContaining({ field: pointer });

const back = { homeTadig: 'CHNYY', visitorTadig: 'JPNXX' };

interface Story {
  readonly play: Play;
  readonly inputs: StatementInputs;
}

/** Both have counted May: 1,000 minutes of JP's customers in CN's network, 500 the other way. */
function counted(): Story {
  const play = startPlay();
  const id = agreeTariff(play);
  play.time = at('2026-06-05T00:00:00Z');
  const submit = (as: string, partner: string, items: unknown[]) =>
    play.run({
      module: 'roaming.usage',
      command: 'submit',
      as,
      data: { head: { partner }, items, to: [partner] } as never,
    }).id;
  // Each counts its own customers too; the visited network's figures are billed.
  const cn = submit(CN, JP, [usageRow('1000'), usageRow('499', back), usageRow('1', { period: '202606' })]);
  const jp = submit(JP, CN, [usageRow('1001'), usageRow('500', back)]);
  const periods = { from: '202605', to: '202605' };
  return {
    play,
    inputs: { tariff: { id, version: 1 }, usage: [cn, jp], periods, closing: false, credits: [] },
  };
}

const PARTIES = [CN, JP];

const termsOf = ({ play, inputs }: Story): StatementTerms => {
  const read = (module: string, id: string) => play.state(module, id) as never;
  return { ...inputs, result: resultOf(inputs, { parties: PARTIES, read }) };
};

const propose = (play: Play, terms: StatementTerms, as = CN) =>
  play.run({
    module: 'roaming.statement',
    command: 'propose',
    as,
    data: { parties: PARTIES.filter((party) => party !== as), terms: terms as never },
  }).id;

const act = (
  play: Play,
  { command, id, as, data = { version: 1 } }: { command: string; id: string; as: string; data?: object },
) => play.run({ module: 'roaming.statement', command, id, as, data: data as never });

const accepted = (story: Story): { readonly id: string; readonly terms: StatementTerms } => {
  const terms = termsOf(story);
  const id = propose(story.play, terms);
  act(story.play, { command: 'receive', id, as: JP });
  act(story.play, { command: 'sign', id, as: JP });
  return { id, terms };
};

describe('roaming.statement', () => {
  it('bills what the visited network counted, by the tariff in force, and nets both directions', () => {
    const { result } = termsOf(counted());
    expect(result.directions.map(({ home, due }) => [home, due])).toEqual([
      [JP, '500.00'],
      [CN, '200.00'],
    ]);
    expect(result.net).toEqual({ payer: JP, payee: CN, amount: '300.00', currency: 'EUR' });
  });

  it('usage of a network that the tariff does not name is told, not dropped', () => {
    const { play, inputs } = counted();
    const [id = ''] = inputs.usage;
    const items = [usageRow('7', { homeTadig: 'JPNX2' })];
    play.run({
      module: 'roaming.usage',
      command: 'submit',
      id,
      as: CN,
      data: { head: { partner: JP }, items },
    });
    const { result } = termsOf({ play, inputs });
    expect(result.unmatched).toEqual([{ service: 'MOC Local', usage: '7' }]);
    expect(result.net).toMatchObject({ amount: '300.00' });
  });

  it('is computed anew by both: a changed cent is refused', () => {
    const story = counted();
    const terms = termsOf(story);
    const net = { ...(terms.result.net as Debt), amount: '300.01' };
    expect(() => propose(story.play, { ...terms, result: { ...terms.result, net } })).toThrow(
      field('/terms/result'),
    );
    expect(story.play.ids('roaming.statement')).toEqual([]);
  });

  it('goes its way: sent, received, accepted, paid, confirmed, and says who waits for whom', () => {
    const { play, inputs } = counted();
    const id = propose(play, termsOf({ play, inputs }));
    const stage = () => play.query('roaming.statement', 'waiting', { as: JP });
    expect(stage()).toEqual([{ id, stage: 'sent', waitsFor: JP }]);
    expect(() => act(play, { command: 'receive', id, as: CN })).toThrow(denied);
    act(play, { command: 'receive', id, as: JP });
    expect(stage()).toEqual([{ id, stage: 'received', waitsFor: JP }]);
    act(play, { command: 'sign', id, as: JP });
    expect(stage()).toEqual([{ id, stage: 'accepted', waitsFor: JP }]);
    const payment = { version: 1, reference: 'NET-202605' };
    expect(() => act(play, { command: 'pay', id, as: CN, data: payment })).toThrow(denied);
    expect(() => act(play, { command: 'confirm', id, as: CN })).toThrow(
      expect.objectContaining({ kind: 'conflict' }),
    );
    act(play, { command: 'pay', id, as: JP, data: payment });
    expect(stage()).toEqual([{ id, stage: 'paid', waitsFor: CN }]);
    act(play, { command: 'confirm', id, as: CN });
    expect(stage()).toEqual([{ id, stage: 'confirmed', waitsFor: null }]);
    expect(() => act(play, { command: 'pay', id, as: JP, data: payment })).toThrow(
      expect.objectContaining({ code: 'already_exists' }),
    );
  });

  it('a rejected one can be followed by another; strangers see nothing of either', () => {
    const { play, inputs } = counted();
    const id = propose(play, termsOf({ play, inputs }));
    act(play, {
      command: 'reject',
      id,
      as: JP,
      data: { version: 1, reason: 'Minutes of 14 May are missing' },
    });
    expect(play.query('roaming.statement', 'waiting', { as: CN })).toEqual([
      { id, stage: 'rejected', waitsFor: null },
    ]);
    expect(play.query('roaming.statement', 'waiting', { as: STRANGER })).toEqual([]);
    expect(() => play.see('roaming.statement', id, STRANGER)).toThrow(denied);
    expect(accepted({ play, inputs }).id).not.toBe(id);
  });

  it('once accepted, paid or not, nobody tears it up: not alone, not by another text', () => {
    const story = counted();
    const { id } = accepted(story);
    const { play } = story;
    const gone = (as: string, command: string) =>
      expect(() => act(play, { command, id, as, data: {} })).toThrow(
        expect.objectContaining({ code: 'command_unknown' }),
      );
    for (const as of [CN, JP]) for (const command of ['terminate', 'supersede']) gone(as, command);
    act(play, { command: 'pay', id, as: JP, data: { version: 1, reference: 'P-1' } });
    act(play, { command: 'confirm', id, as: CN });
    for (const as of [CN, JP]) gone(as, 'terminate');
    const again = propose(play, termsOf(story));
    expect(() => act(play, { command: 'sign', id: again, as: JP })).toThrow(
      expect.objectContaining({ code: 'already_exists' }),
    );
    expect(Object.keys(play.moduleOf('roaming.credit').commands)).not.toContain('terminate');
  });

  it('no month of a record is settled twice', () => {
    const story = counted();
    accepted(story);
    const again = propose(story.play, termsOf(story));
    expect(() => act(story.play, { command: 'sign', id: again, as: JP })).toThrow(
      expect.objectContaining({ kind: 'conflict' }),
    );
  });

  it.each<[string, (inputs: StatementInputs) => StatementInputs]>([
    ['/terms/tariff/version', (inputs) => ({ ...inputs, tariff: { ...inputs.tariff, version: 2 } })],
    ['/terms/tariff/version', (inputs) => ({ ...inputs, periods: { from: '202603', to: '202605' } })],
    ['/terms/tariff/id', (inputs) => ({ ...inputs, tariff: { ...inputs.tariff, id: 'f'.repeat(32) } })],
    ['/terms/usage/0', (inputs) => ({ ...inputs, usage: ['f'.repeat(32)] })],
    ['/terms/periods/to', (inputs) => ({ ...inputs, periods: { from: '202605', to: '202604' } })],
    ['/terms/closing', (inputs) => ({ ...inputs, closing: true })],
    ['/terms/closing', (inputs) => ({ ...inputs, closing: true, periods: { from: '202604', to: '202605' } })],
    ['/terms/credits/0', (inputs) => ({ ...inputs, credits: ['f'.repeat(32)] })],
  ])('refuses %s', (pointer, changed) => {
    const story = counted();
    const terms = termsOf(story);
    expect(() => propose(story.play, { ...terms, ...changed(story.inputs) })).toThrow(field(pointer));
  });

  it('usage that was corrected afterwards is not settled', () => {
    const { play, inputs } = counted();
    const terms = termsOf({ play, inputs });
    const [id = ''] = inputs.usage;
    const data = { item: 0, value: null, reason: 'Counted twice' };
    play.run({ module: 'roaming.usage', command: 'correct', id, as: CN, data });
    expect(() => propose(play, terms)).toThrow(field('/terms/usage/0'));
  });

  it('[R5] each month is settled by the version in force in it', () => {
    const { play, inputs } = counted();
    play.run({
      module: 'roaming.iot',
      command: 'supersede',
      id: inputs.tariff.id,
      as: CN,
      data: { terms: tariff('0.30'), validFrom: '2026-09-01T00:00:00Z' },
    });
    play.run({ module: 'roaming.iot', command: 'sign', id: inputs.tariff.id, as: JP, data: { version: 2 } });
    expect(termsOf({ play, inputs }).result.directions[0]?.due).toBe('500.00');
    const september = {
      ...inputs,
      tariff: { ...inputs.tariff, version: 2 },
      periods: { from: '202609', to: '202609' },
    };
    expect(termsOf({ play, inputs: september }).result.directions[0]?.due).toBe('0.00');
    const over = { ...september, periods: { from: '202608', to: '202609' } };
    expect(() => termsOf({ play, inputs: over })).toThrow(field('/terms/tariff/version'));
  });

  it('the books of a month tie: lines add up to what is payable and receivable, and to the net', () => {
    const story = counted();
    const accrual = (as: string) =>
      story.play.query('roaming.statement', 'accrual', { as, args: { period: '202605' } });
    const id = propose(story.play, termsOf(story));
    expect(accrual(JP)).toMatchObject({
      accepted: { rows: [], payable: '0', receivable: '0' },
      accrued: { payable: '500', receivable: '200' },
    });
    act(story.play, { command: 'sign', id, as: JP });
    expect(accrual(JP)).toMatchObject({
      accepted: { payable: '500', receivable: '200' },
      accrued: { rows: [] },
    });
    expect(accrual(CN)).toMatchObject({ accepted: { payable: '200', receivable: '500' } });
    const args = { partner: CN, currency: 'EUR' };
    const net = () => story.play.query('roaming.statement', 'netPosition', { as: JP, args });
    expect(net()).toMatchObject({ net: { payer: JP, amount: '300.00' }, statements: [id] });
    act(story.play, { command: 'pay', id, as: JP, data: { version: 1, reference: 'NET-1' } });
    expect(net()).toEqual({ net: null, statements: [] });
  });
});

describe('disputes and credits', () => {
  const facts = (statement: string, inputs: StatementInputs) => ({
    statement,
    tariff: inputs.tariff.id,
    direction: 0,
    line: 0,
    claimed: '50.00',
  });

  function disputed() {
    const story = counted();
    const { play, inputs } = story;
    const { id, terms } = accepted(story);
    const evidence = [{ module: 'roaming.usage', id: inputs.usage[0] ?? '' }];
    const dispute = play.run({
      module: 'roaming.dispute',
      command: 'open',
      as: JP,
      data: { category: 'usage', facts: facts(id, inputs), evidence, parties: [CN] },
    }).id;
    return { play, inputs, statement: id, terms, dispute, evidence };
  }

  const on = (
    play: Play,
    { command, id, as, data = {} }: { command: string; id: string; as: string; data?: object },
  ) => play.run({ module: 'roaming.dispute', command, id, as, data: data as never });

  function resolved() {
    const story = disputed();
    on(story.play, { command: 'assign', id: story.dispute, as: JP, data: { to: CN } });
    on(story.play, { command: 'resolve', id: story.dispute, as: CN, data: { outcome: { credit: '25.00' } } });
    return story;
  }

  const creditTerms = ({ dispute, statement }: { dispute: string; statement: string }) => ({
    dispute,
    statement,
    direction: 0,
    line: 0,
    payer: CN,
    payee: JP,
    amount: '25.00',
    currency: 'EUR',
  });

  const proposeCredit = (play: Play, terms: object) =>
    play.run({
      module: 'roaming.credit',
      command: 'propose',
      as: CN,
      data: { parties: [JP], terms } as never,
    }).id;

  it('a dispute cites a line of a statement and evidence, between its two parties', () => {
    const { play, inputs, statement, evidence } = disputed();
    const open = (changed: object, as = JP) =>
      on(play, {
        command: 'open',
        id: 'e'.repeat(32),
        as,
        data: { category: 'usage', facts: facts(statement, inputs), evidence, parties: [CN], ...changed },
      });
    expect(() => open({ evidence: [] })).toThrow(field('/evidence'));
    expect(() => open({ parties: [] })).toThrow(field('/parties'));
    expect(() => open({ parties: [CN, STRANGER] })).toThrow(field('/parties'));
    expect(() => open({ facts: { ...facts(statement, inputs), line: 7 } })).toThrow(field('/facts/line'));
    expect(() => open({ facts: { ...facts(statement, inputs), claimed: '500.01' } })).toThrow(
      field('/facts/claimed'),
    );
    expect(() => open({}, STRANGER)).toThrow(field('/facts/statement'));
  });

  it('the arbiter of the tariff may be called, nobody else; no more than the claim is credited', () => {
    const { play, dispute } = disputed();
    expect(() => on(play, { command: 'escalate', id: dispute, as: JP, data: { to: STRANGER } })).toThrow(
      denied,
    );
    on(play, { command: 'escalate', id: dispute, as: JP, data: { to: ARBITER } });
    on(play, { command: 'assign', id: dispute, as: CN, data: { to: ARBITER } });
    expect(() =>
      on(play, { command: 'resolve', id: dispute, as: ARBITER, data: { outcome: { credit: '50.01' } } }),
    ).toThrow(field('/outcome/credit'));
    on(play, { command: 'resolve', id: dispute, as: ARBITER, data: { outcome: { credit: '50.00' } } });
    expect(play.state('roaming.dispute', dispute)).toMatchObject({
      status: 'resolved',
      outcome: { credit: '50.00' },
    });
  });

  it('[R12] dispute, credit, new statement: the line stays, the credit names it, both sign, the net is paid', () => {
    const story = resolved();
    const { play, inputs, statement } = story;
    const before = structuredClone(play.state('roaming.statement', statement));
    const credit = proposeCredit(play, creditTerms(story));
    play.run({ module: 'roaming.credit', command: 'sign', id: credit, as: JP, data: { version: 1 } });
    const june = { ...inputs, periods: { from: '202606', to: '202606' }, credits: [credit] };
    const next = accepted({ play, inputs: june });
    expect(next.terms.result.credits).toEqual([{ payer: CN, payee: JP, amount: '25.00', currency: 'EUR' }]);
    // June: one minute at 0.50 against the credit.
    expect(next.terms.result.net).toEqual({ payer: CN, payee: JP, amount: '24.50', currency: 'EUR' });
    expect(play.state('roaming.statement', statement)).toEqual(before);
    const signed = play.state<{ agreed: { signed: { party: string }[] }[] }>('roaming.statement', next.id);
    expect(signed.agreed[0]?.signed.map(({ party }) => party).sort()).toEqual(PARTIES);

    const net = next.terms.result.net as Debt;
    const transfer = {
      messageId: next.id,
      created: '2026-07-10T00:00:00Z',
      executionDay: '2026-07-15',
      endToEndId: next.id,
      debtor: { name: 'Example China', iban: 'GB82WEST12345698765432', bic: 'EXMPCNBJ' },
      creditor: { name: 'Example Mobile', iban: 'DE89370400440532013000', bic: 'EXMPJPJT' },
      amount: net.amount,
      currency: net.currency,
      remittance: `Statement ${next.id}`,
    };
    expect(readPain001(writePain001(transfer))).toEqual(transfer);
  });

  it('a credit is as the dispute came out, given once, and taken in once', () => {
    const story = resolved();
    const { play, inputs } = story;
    const terms = creditTerms(story);
    expect(() => proposeCredit(play, { ...terms, amount: '25.01' })).toThrow(field('/terms/amount'));
    expect(() => proposeCredit(play, { ...terms, currency: 'XDR' })).toThrow(field('/terms/currency'));
    expect(() => proposeCredit(play, { ...terms, payer: JP, payee: CN })).toThrow(field('/terms/payer'));
    expect(() => proposeCredit(play, { ...terms, line: 1 })).toThrow(field('/terms/line'));
    const sign = (id: string) =>
      play.run({ module: 'roaming.credit', command: 'sign', id, as: JP, data: { version: 1 } });
    const [credit, twin] = [proposeCredit(play, terms), proposeCredit(play, terms)];
    sign(credit);
    expect(() => sign(twin)).toThrow(expect.objectContaining({ code: 'already_exists' }));
    const withCredit = (month: string) => ({
      ...inputs,
      periods: { from: month, to: month },
      credits: [credit],
    });
    accepted({ play, inputs: withCredit('202606') });
    expect(() => accepted({ play, inputs: withCredit('202607') })).toThrow(
      expect.objectContaining({ code: 'already_exists' }),
    );
  });

  it('a credit waits for the dispute to be resolved', () => {
    const { play, ...story } = disputed();
    expect(() => proposeCredit(play, creditTerms(story))).toThrow(field('/terms/dispute'));
  });
});

describe('clearing house', () => {
  it('[R13] acts for the side that appointed it, is named in the line, and does nothing without', () => {
    const { play, inputs } = counted();
    const id = propose(play, termsOf({ play, inputs }));
    const sign = (as: string) =>
      play.run({ module: 'roaming.statement', command: 'sign', id, as, by: CLEARING, data: { version: 1 } });
    expect(() => sign(JP)).toThrow(denied);
    play.hold({ subject: CLEARING, type: 'Agent', claims: { principal: JP } });
    const { events } = sign(JP);
    expect(events[0]).toMatchObject({ party: JP, actor: CLEARING });
    expect(() => sign(CN)).toThrow(denied);
    play.holdings.revokeFrom(CLEARING, 'Agent', play.time);
    expect(() =>
      play.run({
        module: 'roaming.statement',
        command: 'pay',
        id,
        as: JP,
        by: CLEARING,
        data: { version: 1, reference: 'X' },
      }),
    ).toThrow(denied);
  });
});
