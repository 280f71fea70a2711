import { beforeEach, describe, expect, it } from 'vitest';
import { dcatOf } from '../../src/data/catalogue/dcat.ts';
import { DATA_MODULES } from '../../src/data/index.ts';
import type { DataSet } from '../../src/data/modules/data-set.ts';
import { instantOf, instantText } from '../../src/module/instant.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';

const OWNER = 'did:mno:owner';
const BUYER = 'did:mno:buyer';
const THIRD = 'did:mno:third';
const STRANGER = 'did:mno:stranger';
const MANAGER = 'did:mno:manager';
const PERSON = 'did:mno:person';
const NOW = instantOf('2026-11-22T08:00:00Z', '/');
const DAY = 86_400;
const hex = (byte: string): string => byte.repeat(32);

const SET: DataSet = {
  title: 'Footfall by district',
  description: 'Counts by hour, without persons.',
  publisher: 'Owner',
  theme: ['mobility'],
  accrualPeriodicity: 'DAILY',
  spatial: 'Guangzhou',
  temporal: { from: '2026-01-01T00:00:00Z', until: '2026-11-01T00:00:00Z' },
  grade: 2,
  category: 'mobility',
  right: 'Collected and de-identified by the owner.',
  distribution: { mediaType: 'text/csv', byteSize: 1000, checksum: hex('aa') },
  sample: { mediaType: 'text/csv', byteSize: 10, checksum: hex('bb') },
};

let play: Play;
const run = (
  module: string,
  command: string,
  as: string,
  data: object,
  { id, by }: { id?: string; by?: string } = {},
) =>
  play.run({
    ...{ module: `data.${module}`, command, as, data: data as never },
    ...(id ? { id } : {}),
    ...(by ? { by } : {}),
  });

beforeEach(() => {
  play = new Play(DATA_MODULES, { time: NOW });
  play.hold({ subject: MANAGER, type: 'DataManager', claims: { owner: OWNER } });
  play.hold({ subject: PERSON, type: 'DataSubject', claims: { known: OWNER } });
});

const publish = (body: object = SET, by: string | undefined = MANAGER) =>
  run('set', 'publish', OWNER, { body }, by ? { by } : {}).id;

describe('catalogue', () => {
  it('takes a data set with the signatures of manager and node, and not with one of them [D1]', () => {
    expect(refusalOf(() => run('set', 'publish', OWNER, { body: SET }))).toBe('permission_denied');
    expect(refusalOf(() => run('set', 'publish', BUYER, { body: SET }, { by: MANAGER }))).toBe(
      'permission_denied',
    );
    expect(publish()).toMatch(/^[0-9a-f]{32}$/);
  });

  it('keeps the first claim on the same bytes [DA-2]', () => {
    publish();
    expect(refusalOf(() => publish({ ...SET, title: 'Mine too' }))).toBe('already_exists');
  });

  it('is exported as DCAT 3 [D1]', () => {
    const exported = dcatOf('ab'.repeat(16), SET);
    expect(exported).toMatchObject({
      '@type': 'dcat:Dataset',
      'dct:title': SET.title,
      'dct:accrualPeriodicity': { '@id': expect.stringMatching(/\/frequency\/DAILY$/) },
      'dcat:distribution': {
        '@type': 'dcat:Distribution',
        'dcat:mediaType': { '@id': 'https://www.iana.org/assignments/media-types/text/csv' },
        'spdx:checksum': { 'spdx:checksumValue': { '@value': hex('aa') } },
      },
    });
    // Every prefix that is used is declared.
    const used = new Set(
      [...JSON.stringify(exported).matchAll(/"(?:@type":")?([a-z]+):[A-Za-z]/g)].map(([, name]) => name),
    );
    used.delete('urn');
    used.delete('http');
    used.delete('https');
    expect(Object.keys(exported['@context'] as object)).toEqual(expect.arrayContaining([...used]));
  });
});

describe('deals', () => {
  const ROWS = [{ grade: 2, category: 'mobility', perUnit: '0.25' }];
  const POLICY = {
    permission: [
      {
        action: 'use',
        constraint: [
          { leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: ['planning'] },
          { leftOperand: 'count', operator: 'lteq', rightOperand: '2' },
          { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2027-01-01T00:00:00Z' },
        ],
      },
    ],
  };
  let set: string;
  let prices: string;
  const terms = (change: object = {}) => ({
    ...{
      provider: OWNER,
      set,
      prices,
      volume: '1000',
      price: { amount: '250', currency: 'CNY' },
      policy: POLICY,
    },
    ...change,
  });
  const propose = (change: object = {}) =>
    run('deal', 'propose', BUYER, { parties: [OWNER], terms: terms(change) }).id;
  const act = (id: string, command: string, as: string, data: object = {}) =>
    run('deal', command, as, data, { id });
  const TRANSFER = { action: 'use', purpose: 'planning', spatial: 'Guangzhou', digest: hex('cc') };
  const dsp = (id: string) =>
    play
      .query<{ providerPid: string; state: string }[]>('data.deal', 'negotiation', { as: OWNER })
      .find(({ providerPid }) => providerPid === id)?.state;

  beforeEach(() => {
    set = publish();
    const table = { currency: 'CNY', rows: ROWS };
    prices = run('price', 'propose', OWNER, { parties: [BUYER, THIRD], terms: table }).id;
    run('price', 'sign', THIRD, { version: 1 }, { id: prices });
  });

  it('go from REQUESTED to FINALIZED, and then data moves [D4]', () => {
    const id = propose();
    expect(dsp(id)).toBe('REQUESTED');
    expect(refusalOf(() => act(id, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
    act(id, 'sign', OWNER, { version: 1 });
    expect(dsp(id)).toBe('AGREED');
    expect(refusalOf(() => act(id, 'finalize', OWNER))).toBe('conflict');
    expect(refusalOf(() => act(id, 'verify', OWNER))).toBe('permission_denied');
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    expect(dsp(id)).toBe('FINALIZED');
    expect(refusalOf(() => act(id, 'transfer', BUYER, TRANSFER))).toBe('permission_denied');
    expect(act(id, 'transfer', OWNER, TRANSFER).events).toMatchObject([
      { type: 'transferred', data: { number: 1 } },
    ]);
  });

  it('take no price but the table’s, and say what it would be [D4]', () => {
    expect(refusalOf(() => propose({ price: { amount: '249.99', currency: 'CNY' } }))).toBe(
      'out_of_range /terms/price',
    );
    expect(refusalOf(() => propose({ price: { amount: '250', currency: 'USD' } }))).toBe(
      'out_of_range /terms/price',
    );
    expect(propose({ price: { amount: '250.00', currency: 'CNY' } })).toBeDefined();
  });

  it('end by either side, the other one is told, and nothing moves afterwards [D4]', () => {
    const id = propose();
    act(id, 'sign', OWNER, { version: 1 });
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    const [ended] = act(id, 'terminate', BUYER, { reason: 'no more need' }).events;
    expect(ended).toMatchObject({ type: 'terminated', parties: [BUYER, OWNER] });
    expect(dsp(id)).toBe('TERMINATED');
    expect(refusalOf(() => act(id, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
  });

  it.each([
    ['another purpose', { purpose: 'advertising' }],
    ['another action', { action: 'distribute' }],
  ])('let nothing move for %s than the policy’s', (_, change) => {
    const id = propose();
    act(id, 'sign', OWNER, { version: 1 });
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    expect(refusalOf(() => act(id, 'transfer', OWNER, { ...TRANSFER, ...change }))).toBe('permission_denied');
  });

  it('let data move as often, and as long, as the policy says', () => {
    const id = propose();
    act(id, 'sign', OWNER, { version: 1 });
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    act(id, 'transfer', OWNER, TRANSFER);
    act(id, 'transfer', OWNER, TRANSFER);
    expect(refusalOf(() => act(id, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
    const late = propose();
    act(late, 'sign', OWNER, { version: 1 });
    act(late, 'verify', BUYER);
    act(late, 'finalize', OWNER);
    play.time = instantOf('2027-01-01T00:00:00Z', '/');
    expect(refusalOf(() => act(late, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
  });

  it.each([
    ['a data set that is not there', () => ({ set: 'f'.repeat(32) }), 'not_found /terms/set'],
    ['a provider who is no party', () => ({ provider: STRANGER }), 'out_of_range /terms/provider'],
    [
      'a negative volume',
      () => ({ volume: '-1', price: { amount: '-0.25', currency: 'CNY' } }),
      'out_of_range /terms/volume',
    ],
    ['a term that nobody knows', () => ({ colour: 'red' }), 'invalid_argument /terms/colour'],
  ])('refuse %s', (_, change, refusal) => {
    expect(refusalOf(() => propose(change()))).toBe(refusal);
  });
});

describe('consents', () => {
  const SCOPE = {
    ...{ subject: 'ab'.repeat(16), controller: OWNER, recipients: [BUYER], purpose: 'dpv:CreditChecking' },
    data: ['income-band', 'tenure'],
    notice: { uri: 'https://owner.example/notice', digest: hex('dd') },
    ...{
      language: 'zh-CN',
      storage: ['CN'],
      retentionDays: 30,
      jurisdiction: 'CN',
      withdrawal: 'https://owner.example/end',
    },
  };
  const CONFIRMED = { step: 'consent', confirmation: { method: 'wallet-signature', evidence: hex('ee') } };
  const ask = (validUntil = NOW + 10 * DAY) =>
    run('consent', 'request', BUYER, {
      ...{ scope: SCOPE, approvers: [PERSON], parties: [OWNER], validUntil: instantText(validUntil) },
    }).id;
  const agree = (id: string) => run('consent', 'approve', OWNER, CONFIRMED, { id, by: PERSON });
  const supply = (consent: string, change: object = {}) => {
    const head = { consent, recipient: BUYER, purpose: 'dpv:CreditChecking', data: ['tenure'], ...change };
    return run('provision', 'submit', OWNER, {
      head,
      items: [{ time: play.time, digest: hex('ff'), records: 1 }],
    }).id;
  };
  const status = (as: string) =>
    play.query<{ statusInfo: { statusReason?: string }[] }>('data.consent', 'status', {
      as,
      args: { subject: SCOPE.subject, at: instantText(play.time) },
    }).statusInfo;

  it('are given by the person, never by an organisation in their place', () => {
    const id = ask();
    expect(refusalOf(() => run('consent', 'approve', OWNER, CONFIRMED, { id }))).toBe('permission_denied');
    expect(refusalOf(() => run('consent', 'approve', BUYER, CONFIRMED, { id }))).toBe('permission_denied');
    agree(id);
    expect(play.state('data.consent', id)).toMatchObject({ status: 'active' });
  });

  it('are looked at before anything is given, and CAMARA’s answer has the same reason [D5]', () => {
    const id = ask();
    expect(refusalOf(() => supply(id))).toBe('consent_required /head/consent');
    expect(status(OWNER)).toMatchObject([{ statusValidForProcessing: false, statusReason: 'REQUESTED' }]);
    agree(id);
    expect(refusalOf(() => supply(id, { data: ['tenure', 'location'] }))).toBe('consent_scope /head/consent');
    expect(refusalOf(() => supply(id, { purpose: 'dpv:Marketing' }))).toBe('consent_scope /head/consent');
    expect(refusalOf(() => supply(id, { recipient: THIRD }))).toBe('consent_recipient /head/consent');
    expect(refusalOf(() => supply('f'.repeat(32)))).toBe('consent_required /head/consent');
    expect(supply(id)).toMatch(/^[0-9a-f]{32}$/);
    expect(status(OWNER)).toMatchObject([{ statusValidForProcessing: true }]);
    play.time = NOW + 10 * DAY;
    expect(refusalOf(() => supply(id))).toBe('consent_expired /head/consent');
    expect(status(OWNER)).toMatchObject([{ statusReason: 'EXPIRED' }]);
  });

  it('end at once when they are taken back [D5]', () => {
    const id = ask();
    agree(id);
    run('consent', 'revoke', OWNER, { reason: 'changed my mind' }, { id, by: PERSON });
    expect(refusalOf(() => supply(id))).toBe('consent_revoked /head/consent');
    expect(status(OWNER)).toMatchObject([{ statusReason: 'REVOKED' }]);
  });

  it('are records of ISO/IEC TS 27560 with every mandatory field [D5]', () => {
    const id = ask();
    agree(id);
    const record = play.query<Record<string, Record<string, unknown>>>('data.consent', 'record', {
      as: OWNER,
      args: { id },
    });
    expect(Object.keys(record.record_header ?? {})).toEqual([
      'schema_version',
      'record_id',
      'pii_principal_id',
    ]);
    for (const field of [
      ...[
        'privacy_notice',
        'language',
        'purposes',
        'pii_information',
        'pii_controllers',
        'storage_locations',
      ],
      ...['retention_period', 'jurisdiction', 'recipient_third_parties', 'withdrawal_method'],
    ]) {
      expect(record.pii_processing).toHaveProperty(field);
    }
    expect(record.events).toMatchObject([{ event_type: 'requested' }, { event_type: 'given' }]);
  });

  it.each([
    ['a number instead of a random name', { subject: '+8613800138000' }, 'invalid_argument /scope/subject'],
    ['a purpose of no vocabulary', { purpose: 'because' }, 'invalid_argument /scope/purpose'],
    ['a request in the name of others', { recipients: [THIRD] }, 'out_of_range /scope/recipients'],
  ])('refuse %s', (_, change, refusal) => {
    const data = {
      scope: { ...SCOPE, ...change },
      approvers: [PERSON],
      parties: [OWNER],
      validUntil: instantText(NOW + DAY),
    };
    expect(refusalOf(() => run('consent', 'request', BUYER, data))).toBe(refusal);
  });

  it('are seen by their parties only', () => {
    const id = ask();
    agree(id);
    expect(refusalOf(() => play.see('data.consent', id, STRANGER))).toBe('permission_denied');
    expect(status(STRANGER)).toEqual([]);
  });
});

it('traces a block over five hops, each confirmed by whoever got it [D9]', () => {
  const facts = {
    origin: OWNER,
    description: 'a block',
    digest: hex('11'),
    watermark: null,
    derivedFrom: null,
    right: 'use',
  };
  const source = run('block', 'register', OWNER, { facts }).id;
  const id = run('block', 'register', OWNER, {
    facts: { ...facts, digest: hex('22'), derivedFrom: source },
  }).id;
  const holders = [BUYER, THIRD, OWNER, BUYER, THIRD];
  let from = OWNER;
  for (const to of holders) {
    run('block', 'transfer', from, { to }, { id });
    expect(refusalOf(() => run('block', 'receive', STRANGER, {}, { id }))).toBe('permission_denied');
    run('block', 'receive', to, {}, { id });
    from = to;
  }
  const way = play.query<{ hops: { holder: string }[] }[]>('data.block', 'trace', {
    as: OWNER,
    args: { id },
  });
  expect(way.map(({ hops }) => hops.map(({ holder }) => holder))).toEqual([[OWNER, ...holders], [OWNER]]);
});

describe('requests inside an organisation [D10]', () => {
  const people = { asker: 'staff', head: 'head', source: 'head', guard: 'security', other: 'staff' } as const;
  const did = (name: keyof typeof people): string => `did:mno:${name}`;
  const ask = () =>
    run(
      'request',
      'request',
      OWNER,
      {
        ...{ scope: { data: ['churn'], purpose: 'planning', department: 'sales' }, parties: [] },
        approvers: [did('asker'), did('head'), did('source')],
      },
      { by: did('asker') },
    ).id;
  const approve = (id: string, step: string, by: keyof typeof people) =>
    run('request', 'approve', OWNER, { step }, { id, by: did(by) });

  beforeEach(() => {
    for (const [name, level] of Object.entries(people)) {
      const claims = { owner: OWNER, name, level };
      play.hold({ subject: `did:mno:${name}`, type: 'Department', claims });
    }
  });

  it('are not approved by who asks, nor twice by one; two levels make them active', () => {
    const id = ask();
    expect(refusalOf(() => approve(id, 'department', 'asker'))).toBe('permission_denied');
    approve(id, 'department', 'head');
    expect(refusalOf(() => approve(id, 'owner', 'head'))).toBe('permission_denied');
    approve(id, 'owner', 'source');
    expect(play.state('data.request', id)).toMatchObject({ status: 'active' });
  });

  it('are all seen by security, and by no other department', () => {
    const id = ask();
    expect(play.see('data.request', id, did('guard'))).toMatchObject({ status: 'requested' });
    expect(refusalOf(() => play.see('data.request', id, did('other')))).toBe('permission_denied');
  });
});
