import { describe, expect, it } from 'vitest';
import { readIr21 } from '../../src/roaming/ir21/read-ir21.ts';
import { sheetXml } from './ir21-xml.ts';
import { agreeTariff, at, CN, JP, STRANGER, startPlay, tariff, usageRow } from './roaming-play.ts';
import { TAP_FILE, TAP_NOTHING, TAP_ROWS } from './tap-file.ts';

const denied = expect.objectContaining({ kind: 'denied' });
const badInput = (field: string) => expect.objectContaining({ kind: 'bad-input', field });
const conflict = expect.objectContaining({ kind: 'conflict' });

describe('roaming.party', () => {
  const body = {
    name: 'Example Mobile',
    country: 'JPN',
    tadig: ['JPNXX'],
    contacts: [{ purpose: 'clearing', name: 'Settlement desk', email: 'settlement@jp.example' }],
  };

  it('an operator publishes its own codes only, each once', () => {
    const play = startPlay();
    const publish = (as: string, tadig: readonly string[]) =>
      play.run({ module: 'roaming.party', command: 'publish', as, data: { body: { ...body, tadig } } });
    expect(() => publish(CN, ['JPNXX'])).toThrow(denied);
    const { id } = publish(JP, ['JPNXX']);
    expect(play.see('roaming.party', id, STRANGER)).toMatchObject({ publisher: JP });
    expect(() => publish(JP, ['JPNXX'])).toThrow(expect.objectContaining({ code: 'already_exists' }));
    expect(() => publish(JP, ['jpnxx'])).toThrow(badInput('/body/tadig/0'));
  });

  it('a later version adds no code that stands in another sheet', () => {
    const play = startPlay();
    play.holdings.revokeFrom(JP, 'Operator', play.time);
    play.hold({ subject: JP, type: 'Operator', claims: { tadig: ['JPNXX', 'JPNX2', 'JPNX3'] } });
    const publish = (tadig: readonly string[]) =>
      play.run({ module: 'roaming.party', command: 'publish', as: JP, data: { body: { ...body, tadig } } })
        .id;
    const supersede = (id: string, tadig: readonly string[]) =>
      play.run({
        module: 'roaming.party',
        command: 'supersede',
        id,
        as: JP,
        data: { body: { ...body, tadig } },
      });
    const first = publish(['JPNX2']);
    const second = publish(['JPNX3']);
    expect(() => supersede(first, ['JPNX2', 'JPNX3'])).toThrow(
      expect.objectContaining({ code: 'already_exists' }),
    );
    expect(supersede(second, ['JPNX3', 'JPNXX']).events[0]?.unique).toEqual(['party|JPNXX']);
    expect(() => publish(['JPNXX'])).toThrow(expect.objectContaining({ code: 'already_exists' }));
  });

  it('bank details are for the partners that they name', () => {
    const play = startPlay();
    const publish = (iban: string) =>
      play.run({
        module: 'roaming.bank',
        command: 'publish',
        as: JP,
        data: { body: { holder: 'Example Mobile', iban, bic: 'EXMPJPJT' }, audience: [CN] },
      });
    expect(() => publish('GB82WEST12345698765433')).toThrow(badInput('/body/iban'));
    const { id } = publish('GB82WEST12345698765432');
    expect(play.see('roaming.bank', id, CN)).toMatchObject({ publisher: JP });
    expect(() => play.see('roaming.bank', id, STRANGER)).toThrow(denied);
  });
});

describe('roaming.ir21', () => {
  const sheet = (effective: string, range?: string) =>
    readIr21(sheetXml({ shape: 'summary', effective, ...(range && { range }) }));

  function published() {
    const play = startPlay('2026-11-01T00:00:00Z');
    const { id } = play.run({
      module: 'roaming.ir21',
      command: 'publish',
      as: JP,
      data: { body: sheet('2026-10-01') },
    });
    play.time = at('2026-11-20T00:00:00Z');
    const body = sheet('2026-12-15', '203.0.113.0/25');
    play.run({ module: 'roaming.ir21', command: 'supersede', id, as: JP, data: { body } });
    return { play, id };
  }

  it('[R1] a sender that does not own SenderTADIG is refused', () => {
    const play = startPlay('2026-11-01T00:00:00Z');
    const publish = (as: string) =>
      play.run({ module: 'roaming.ir21', command: 'publish', as, data: { body: sheet('2026-12-15') } });
    expect(() => publish(CN)).toThrow(denied);
    expect(() => publish('did:mno:example:nobody')).toThrow(denied);
    expect(publish(JP).events).toHaveLength(1);
  });

  it('refuses an unknown property at depth, with its pointer', () => {
    const play = startPlay('2026-11-01T00:00:00Z');
    const body = sheet('2026-12-15');
    const networks = body.networks.map((network) => ({ ...network, extra: 1 }));
    expect(() =>
      play.run({ module: 'roaming.ir21', command: 'publish', as: JP, data: { body: { ...body, networks } } }),
    ).toThrow(badInput('/body/networks/0/extra'));
  });

  it('[R2] tells one changed section, and who has not acknowledged it', () => {
    const { play, id } = published();
    const args = { document: id, version: 2 };
    expect(play.query('roaming.ir21', 'changes', { as: CN, args })).toEqual([
      {
        network: 'JPNXX',
        section: 'dataRouting',
        change: 'changed',
        effective: '2026-12-15',
        fields: ['addresses'],
      },
    ]);
    const late = () =>
      play.query('roaming.ir21', 'late', { as: JP, args: { document: id, from: [CN, STRANGER] } });
    expect(late()).toEqual({ version: 2, late: [CN, STRANGER] });
    play.run({ module: 'roaming.ir21', command: 'acknowledge', as: CN, data: args });
    expect(late()).toEqual({ version: 2, late: [STRANGER] });
  });

  it('[R2] the configuration has it at 15 December 00:00 and not before, and is confirmed not before', () => {
    const { play, id } = published();
    const section = { document: id, version: 2, network: 'JPNXX', section: 'dataRouting' };
    const confirm = () => play.run({ module: 'roaming.ir21', command: 'configure', as: CN, data: section });
    const configuration = (time: string) =>
      play.query<{ pending: unknown[]; done: { version: number; confirmed: boolean }[] }>(
        'roaming.ir21',
        'configuration',
        { as: CN, args: { document: id, at: time } },
      );
    expect(configuration('2026-12-14T23:59:59+09:00').pending).toHaveLength(1);
    expect(confirm).toThrow(conflict);
    play.time = at('2026-12-15T00:00:00+09:00');
    const due = configuration('2026-12-15T00:00:00+09:00');
    expect(due.pending).toEqual([]);
    expect(due.done.find(({ version }) => version === 2)).toMatchObject({ confirmed: false });
    confirm();
    const done = configuration('2026-12-15T00:00:00+09:00').done;
    expect(done.find(({ version }) => version === 2)).toMatchObject({ confirmed: true });
    expect(confirm).toThrow(expect.objectContaining({ code: 'already_exists' }));
  });

  it('a later version speaks for the same sender', () => {
    const { play, id } = published();
    play.hold({ subject: JP, type: 'Operator', claims: { tadig: ['JPNXX', 'JPNX2'] } });
    const body = { ...sheet('2026-12-15'), sender: 'JPNX2' };
    expect(() =>
      play.run({ module: 'roaming.ir21', command: 'supersede', id, as: JP, data: { body } }),
    ).toThrow(expect.objectContaining({ kind: expect.stringMatching(/denied|conflict/) }));
  });
});

/** The tariff with another party in the place of CN, though with CN's codes. */
const withHome = (home: string) => {
  const terms = tariff();
  return { ...terms, discounts: terms.discounts.map((one) => (one.home === CN ? { ...one, home } : one)) };
};

describe('roaming.iot', () => {
  const propose = (play: ReturnType<typeof startPlay>, data: object, as = JP) =>
    play.run({
      module: 'roaming.iot',
      command: 'propose',
      as,
      data: { parties: [CN], terms: tariff(), ...data },
    });

  it('[R4] 10 days are too short a notice; 60 are enough', () => {
    const play = startPlay();
    expect(() => propose(play, { validFrom: '2026-01-11T00:00:00Z' })).toThrow(
      expect.objectContaining({ code: 'notice_too_short', kind: 'bad-input' }),
    );
    expect(() => propose(play, { validFrom: '2025-12-31T00:00:00Z' })).toThrow(badInput('/validFrom'));
    expect(propose(play, { validFrom: '2026-03-02T00:00:00Z' }).events).toHaveLength(1);
  });

  it('[R4] tiers that do not ascend and the currency EURO are bad input', () => {
    const play = startPlay();
    const [first, second] = tariff().discounts;
    const thresholds = [
      { start: '0', linearPrice: '5' },
      { start: '1500', linearPrice: '3' },
      { start: '1500', linearPrice: '2' },
    ];
    const services = [{ service: 'GPRS', includedInCommitment: true, rate: { thresholds } }];
    const groups = [{ homeTadigs: ['JPNXX'], visitorTadigs: ['CHNYY'], services }];
    const terms = { ...tariff(), discounts: [{ ...first, groups }, second] };
    expect(() => propose(play, { terms })).toThrow(
      badInput('/terms/discounts/0/groups/0/services/0/rate/thresholds/2/start'),
    );
    expect(() => propose(play, { terms: { ...tariff(), currency: 'EURO' } })).toThrow(
      badInput('/terms/currency'),
    );
    expect(propose(play, { terms: { ...tariff(), currency: 'XDR' } }).events).toHaveLength(1);
  });

  it('[R4] a stranger neither signs nor speaks for others’ networks', () => {
    const play = startPlay();
    const { id } = propose(play, {});
    expect(() =>
      play.run({ module: 'roaming.iot', command: 'sign', id, as: STRANGER, data: { version: 1 } }),
    ).toThrow(denied);
    expect(() => propose(play, {}, STRANGER)).toThrow(denied);
    expect(() => play.see('roaming.iot', id, STRANGER)).toThrow(denied);
    expect(play.query('roaming.iot', 'toSign', { as: STRANGER })).toEqual([]);
  });

  it('whoever signs owns the codes that the text says are its own', () => {
    const play = startPlay();
    const { id } = propose(play, { parties: [STRANGER], terms: withHome(STRANGER) });
    expect(() =>
      play.run({ module: 'roaming.iot', command: 'sign', id, as: STRANGER, data: { version: 1 } }),
    ).toThrow(denied);
    expect(() => propose(play, { parties: [STRANGER] })).toThrow(badInput('/terms/discounts/1/home'));
  });

  it('makes the two partners of each other until it ends, with as much notice as it begins', () => {
    const play = startPlay();
    const id = agreeTariff(play);
    expect(play.reader(JP).holds('RoamingPartner', { partner: CN })).toEqual({ partner: CN });
    expect(play.reader(CN).holds('RoamingPartner', { partner: JP })).toEqual({ partner: JP });
    const terminate = (validFrom: string) =>
      play.run({ module: 'roaming.iot', command: 'terminate', id, as: CN, data: { validFrom } });
    play.time = at('2026-04-02T00:00:00Z');
    expect(() => terminate('2026-05-31T00:00:00Z')).toThrow(
      expect.objectContaining({ code: 'notice_too_short', field: '/validFrom' }),
    );
    terminate('2026-06-01T00:00:00Z');
    const partnerOf = () => play.reader(JP).holds('RoamingPartner', { partner: CN });
    play.time = at('2026-05-31T23:59:59Z');
    expect(partnerOf()).toEqual({ partner: CN });
    play.time = at('2026-06-01T00:00:00Z');
    expect(partnerOf()).toBeUndefined();
  });

  it('[R5] the day before a supersede the old one is in force, the day of it and after it the new one', () => {
    const play = startPlay();
    const id = agreeTariff(play);
    play.time = at('2026-06-01T00:00:00Z');
    const data = { terms: tariff('0.30'), validFrom: '2026-09-01T00:00:00Z' };
    play.run({ module: 'roaming.iot', command: 'supersede', id, as: CN, data });
    play.run({ module: 'roaming.iot', command: 'sign', id, as: JP, data: { version: 2 } });
    const versionAt = (time: string) =>
      play
        .query<{ version: number }[]>('roaming.iot', 'inForce', { as: JP, args: { at: time } })
        .map(({ version }) => version);
    expect(versionAt('2026-03-31T23:59:59Z')).toEqual([]);
    expect(versionAt('2026-08-31T00:00:00Z')).toEqual([1]);
    expect(versionAt('2026-09-01T00:00:00Z')).toEqual([2]);
    expect(versionAt('2026-09-02T00:00:00Z')).toEqual([2]);
  });
});

describe('roaming.usage', () => {
  const submit = (
    play: ReturnType<typeof startPlay>,
    as: string,
    { items, id }: { items: unknown[]; id?: string },
  ) => {
    const partner = as === JP ? CN : JP;
    return play.run({
      module: 'roaming.usage',
      command: 'submit',
      as,
      ...(id && { id }),
      data: { head: { partner }, items, ...(id ? {} : { to: [partner] }) } as never,
    });
  };

  it('sums rows by month, networks and service over all batches', () => {
    const play = startPlay();
    const { id } = submit(play, CN, { items: [usageRow('10.5'), usageRow('0.25')] });
    submit(play, CN, { id, items: [usageRow('1'), usageRow('7', { period: '202606' })] });
    expect(play.state('roaming.usage', id)).toMatchObject({
      items: 4,
      summary: { corrected: false, rows: [usageRow('11.75'), usageRow('7', { period: '202606' })] },
    });
  });

  it('refuses period 43466, a negative and a 40-digit amount, and networks of others', () => {
    const play = startPlay();
    const refused = (changed: object) => () =>
      submit(play, CN, { items: [{ ...usageRow('1'), ...changed }] });
    expect(refused({ period: '43466' })).toThrow(badInput('/items/0/period'));
    expect(refused({ usage: '-1' })).toThrow(badInput('/items/0/usage'));
    expect(refused({ usage: '9'.repeat(40) })).toThrow(badInput('/items/0/usage'));
    expect(refused({ extra: true })).toThrow(badInput('/items/0/extra'));
    expect(refused({ homeTadig: 'KORZZ', visitorTadig: 'JPNXX' })).toThrow(denied);
    expect(play.ids('roaming.usage')).toEqual([]);
  });

  it('[R8] compares own with the partner’s, own minus partner, beyond a tolerance', () => {
    const play = startPlay();
    const own = submit(play, CN, { items: [usageRow('100'), usageRow('5', { period: '202606' })] }).id;
    const partner = submit(play, JP, {
      items: [usageRow('101'), usageRow('5.0000001', { period: '202606' })],
    }).id;
    const compare = (args: object) =>
      play.query('roaming.usage', 'compare', { as: CN, args: { own, partner, ...args } });
    expect(compare({})).toMatchObject({
      tolerance: { absolute: '0.000001', relative: '0' },
      compared: 2,
      differing: 1,
      rows: [{ period: '202605', delta: '-1', percent: '-1' }],
    });
    expect(compare({ tolerance: { absolute: '2', relative: '0' } })).toMatchObject({ differing: 0 });
    expect(() => play.query('roaming.usage', 'compare', { as: STRANGER, args: { own, partner } })).toThrow(
      expect.objectContaining({ kind: 'not-found' }),
    );
  });
});

describe('roaming.tap', () => {
  const submit = (
    play: ReturnType<typeof startPlay>,
    { head, items, id, as = JP }: { head: unknown; items: unknown; id?: string; as?: string },
  ) =>
    play.run({
      module: 'roaming.tap',
      command: 'submit',
      as,
      ...(id && { id }),
      data: { head, items, ...(id ? {} : { to: [CN] }) } as never,
    });
  const numbered = (fileSequenceNumber: string) => ({ ...TAP_FILE, fileSequenceNumber });

  it('[R10] takes 42, then an empty file as 43, then 44; names what is missing', () => {
    const play = startPlay('2026-11-21T00:00:00Z');
    const { id } = submit(play, { head: TAP_FILE, items: TAP_ROWS });
    expect(() => submit(play, { id, head: numbered('00044'), items: TAP_ROWS })).toThrow(
      expect.objectContaining({ kind: 'conflict', extra: { missing: '00043' } }),
    );
    expect(() => submit(play, { id, head: TAP_FILE, items: TAP_ROWS })).toThrow(
      expect.objectContaining({ code: 'sequence_repeated', kind: 'conflict' }),
    );
    submit(play, { id, head: TAP_NOTHING, items: [] });
    submit(play, { id, head: numbered('00044'), items: TAP_ROWS });
    expect(play.query('roaming.tap', 'next', { as: CN })).toEqual([
      { id, sender: 'JPNXX', recipient: 'CHNYY', files: 3, next: '00045' },
    ]);
  });

  it('[R10] refuses a total that is not the sum, another’s network, and a second beginning', () => {
    const play = startPlay('2026-11-21T00:00:00Z');
    const wrong = { ...TAP_FILE, auditControlInfo: { ...TAP_FILE.auditControlInfo, totalCharge: 30_013 } };
    expect(() => submit(play, { head: wrong, items: TAP_ROWS })).toThrow(
      badInput('/head/auditControlInfo/totalCharge'),
    );
    expect(() => submit(play, { head: TAP_FILE, items: TAP_ROWS, as: CN })).toThrow(denied);
    submit(play, { head: TAP_FILE, items: TAP_ROWS });
    expect(() => submit(play, { head: TAP_FILE, items: TAP_ROWS })).toThrow(
      expect.objectContaining({ code: 'already_exists' }),
    );
  });
});
