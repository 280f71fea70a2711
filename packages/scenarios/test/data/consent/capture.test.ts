import { beforeEach, describe, expect, it } from 'vitest';
import { DATA_MODULES } from '../../../src/data/index.ts';
import { instantOf, instantText } from '../../../src/module/instant.ts';
import { Play } from '../../harness/play.ts';
import { refusalOf } from '../../harness/refusal-of.ts';

const BRIDGE = 'did:mno:bridge';
const MEMBER = 'did:mno:member';
const AGENT = 'did:mno:agent';
const NOW = instantOf('2026-11-22T08:00:00Z', '/');
const DAY = 86_400;
const SUBJECT = 'ab'.repeat(16);

const SCOPE = {
  ...{ subject: SUBJECT, controller: BRIDGE, recipients: [MEMBER], service: 'corner-shop' },
  ...{ purpose: 'dpv:IdentityAuthentication', data: ['sub', 'phone_number'], withheld: ['country'] },
  notice: { uri: 'https://bridge.example/consents/notices/corner-shop', digest: 'dd'.repeat(32) },
  ...{ language: 'zh-CN', storage: ['CN'], retentionDays: 1, jurisdiction: 'CN' },
  withdrawal: 'http://localhost:4110/consents',
};
const CONFIRMATION = { method: 'wallet-signature', evidence: 'ee'.repeat(32) };

let play: Play;
beforeEach(() => {
  play = new Play(DATA_MODULES, { time: NOW, roles: { [BRIDGE]: ['bridge'], [MEMBER]: ['app'] } });
});

const capture = (change: object = {}, act: { as?: string; by?: string } = {}) =>
  play.run({
    ...{ module: 'data.consent', command: 'capture', as: BRIDGE, ...act },
    data: { scope: SCOPE, confirmation: CONFIRMATION, validUntil: instantText(NOW + 90 * DAY), ...change },
  });
const revoke = (id: string) =>
  play.run({ module: 'data.consent', command: 'revoke', as: BRIDGE, id, data: {} });
const status = (args: object = {}) =>
  play.query<{ statusInfo: object[] }>('data.consent', 'status', {
    as: BRIDGE,
    args: { subject: SUBJECT, at: instantText(play.time), ...args },
  }).statusInfo;

describe('a consent that a bridge captures', () => {
  it('is asked and given in one line, and nobody but the bridge is told', () => {
    const { id, events } = capture();
    expect(events.map(({ type }) => type)).toEqual(['requested', 'approved', 'granted']);
    expect(events.every(({ parties }) => parties.length === 1 && parties[0] === BRIDGE)).toBe(true);
    expect(play.state('data.consent', id)).toMatchObject({ status: 'active', grantee: MEMBER });
  });

  it('is a record of ISO/IEC TS 27560 that the person gave, for one service', () => {
    const { id } = capture();
    expect(play.query('data.consent', 'record', { as: BRIDGE, args: { id } })).toMatchObject({
      record_header: { record_id: id, pii_principal_id: SUBJECT },
      pii_processing: { services: ['corner-shop'], pii_controllers: [BRIDGE] },
      events: [{ event_type: 'requested' }, { event_type: 'given', entity_id: SUBJECT }],
    });
  });

  it('is found by subject, data, purpose and service in CAMARA’s shape', () => {
    capture();
    const valid = { statusValidForProcessing: true, scopes: ['sub', 'phone_number'] };
    expect(status()).toMatchObject([valid]);
    expect(status({ service: 'corner-shop', data: ['phone_number'], purpose: SCOPE.purpose })).toMatchObject([
      valid,
    ]);
    expect(status({ service: 'other-shop' })).toEqual([]);
    expect(status({ data: ['country'] })).toEqual([]);
    expect(status({ purpose: 'dpv:Marketing' })).toEqual([]);
  });

  it('ends the one that it takes the place of in the same line', () => {
    const before = capture().id;
    const { id, events } = capture({ replaces: before });
    expect(events.map(({ type }) => type)).toEqual(['revoked', 'requested', 'approved', 'granted']);
    expect(play.state('data.consent', before)).toMatchObject({ status: 'revoked' });
    expect(play.state('data.consent', id)).toMatchObject({ status: 'active' });
  });

  it('takes the place of none that is over, or of another person', () => {
    const before = capture().id;
    const other = { ...SCOPE, subject: 'cd'.repeat(16) };
    expect(refusalOf(() => capture({ replaces: before, scope: other }))).toBe('permission_denied /replaces');
    revoke(before);
    expect(refusalOf(() => capture({ replaces: before }))).toBe('conflict /replaces');
    expect(refusalOf(() => capture({ replaces: 'f'.repeat(32) }))).toBe('not_found');
  });

  it('is written by nobody but a member that runs a bridge, and by no agent of it', () => {
    const scope = { ...SCOPE, controller: MEMBER };
    expect(refusalOf(() => capture({ scope }, { as: MEMBER }))).toBe('permission_denied');
    play.hold({ subject: AGENT, type: 'Agent', claims: { principal: BRIDGE, modules: ['data.consent'] } });
    expect(refusalOf(() => capture({}, { by: AGENT }))).toBe('permission_denied');
  });

  it.each([
    [
      'data of another controller',
      { scope: { ...SCOPE, controller: MEMBER } },
      'out_of_range /scope/controller',
    ],
    [
      'a code by text message as confirmation',
      { confirmation: { ...CONFIRMATION, method: 'sms-code' } },
      'out_of_range /confirmation/method',
    ],
    ['an end in eleven years', { validUntil: instantText(NOW + 4000 * DAY) }, 'out_of_range /validUntil'],
    ['an end in the past', { validUntil: instantText(NOW) }, 'out_of_range /validUntil'],
    [
      'a number as subject',
      { scope: { ...SCOPE, subject: '8613800138000' } },
      'invalid_argument /scope/subject',
    ],
    ['a sub as it is', { scope: { ...SCOPE, subject: 'A'.repeat(43) } }, 'invalid_argument /scope/subject'],
    [
      'a place to withdraw without TLS',
      { scope: { ...SCOPE, withdrawal: 'http://localhost.example/x' } },
      'invalid_argument /scope/withdrawal',
    ],
  ])('refuses %s', (_, change, refusal) => {
    expect(refusalOf(() => capture(change))).toBe(refusal);
  });

  it('lasts no longer than it says: without an end there is none', () => {
    const data = { scope: SCOPE, confirmation: CONFIRMATION };
    expect(refusalOf(() => play.run({ module: 'data.consent', command: 'capture', as: BRIDGE, data }))).toBe(
      'invalid_argument /validUntil',
    );
  });
});
