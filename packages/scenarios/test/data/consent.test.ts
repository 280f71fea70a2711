import { beforeEach, describe, expect, it } from 'vitest';
import { instantText } from '../../src/module/instant.ts';
import type { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import {
  BUYER,
  DAY,
  type DataPlay,
  hex,
  NOW,
  OWNER,
  PERSON,
  STRANGER,
  startDataPlay,
  THIRD,
} from './data-play.ts';

let play: Play;
let run: DataPlay['run'];
beforeEach(() => {
  ({ play, run } = startDataPlay());
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

  it('are confirmed at who has the data, not at a party that vouches for a person of its own', () => {
    const impostor = 'did:mno:impostor';
    play.hold({ subject: impostor, type: 'DataSubject', claims: { known: BUYER } });
    const { id } = run('consent', 'request', BUYER, {
      ...{ scope: SCOPE, approvers: [impostor], parties: [OWNER], validUntil: instantText(NOW + DAY) },
    });
    expect(refusalOf(() => run('consent', 'approve', BUYER, CONFIRMED, { id, by: impostor }))).toBe(
      'permission_denied',
    );
    expect(refusalOf(() => supply(id))).toBe('consent_required /head/consent');
  });

  it('are told to who has the data and to everybody who is to get it', () => {
    const data = (parties: string[], recipients = [BUYER]) => ({
      ...{ scope: { ...SCOPE, recipients }, approvers: [PERSON], parties },
      validUntil: instantText(NOW + DAY),
    });
    const refusal = (...args: Parameters<typeof data>) =>
      refusalOf(() => run('consent', 'request', BUYER, data(...args)));
    expect(refusal([])).toBe('out_of_range /parties');
    expect(refusal([OWNER], [BUYER, THIRD])).toBe('out_of_range /parties');
    const { events } = run('consent', 'request', BUYER, data([OWNER, THIRD], [BUYER, THIRD]));
    expect(events[0]?.parties).toEqual([BUYER, OWNER, THIRD]);
  });

  it('cover no supply from before they were given, and none that is still to come; the recipient is told', () => {
    const id = ask();
    play.time = NOW + 60;
    agree(id);
    const at = (time: number) => {
      const head = { consent: id, recipient: BUYER, purpose: 'dpv:CreditChecking', data: ['tenure'] };
      return run('provision', 'submit', OWNER, { head, items: [{ time, digest: hex('ff'), records: 1 }] });
    };
    expect(refusalOf(() => at(NOW + 59))).toBe('out_of_range /items/0/time');
    expect(refusalOf(() => at(NOW + 61))).toBe('out_of_range /items/0/time');
    expect(at(NOW + 60).events[0]?.parties).toEqual([BUYER, OWNER]);
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
    const [, given] = record.events as unknown as object[];
    expect(given).toMatchObject({
      ...{ event_type: 'given', entity_id: PERSON, evidence: CONFIRMED.confirmation },
    });
    run('consent', 'revoke', OWNER, {}, { id, by: PERSON });
    const { events } = play.query<{ events: object[] }>('data.consent', 'record', {
      as: OWNER,
      args: { id },
    });
    expect(events.at(-1)).toMatchObject({ event_type: 'revoked', entity_id: PERSON });
  });

  it('are seen by the person who is asked, before and after, and by nobody who is not [DA-8]', () => {
    const id = ask();
    expect(play.see('data.consent', id, PERSON)).toMatchObject({ status: 'requested', scope: SCOPE });
    const asked = { as: PERSON, args: { id } };
    expect(play.query('data.consent', 'record', asked)).toMatchObject({
      pii_processing: { purposes: [SCOPE.purpose] },
    });
    agree(id);
    expect(play.see('data.consent', id, PERSON)).toMatchObject({ status: 'active' });
    expect(refusalOf(() => play.see('data.consent', id, STRANGER))).toBe('permission_denied');
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
