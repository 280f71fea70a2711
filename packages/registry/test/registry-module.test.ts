import type { CborValue } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { createRegistry, registryModule, registryVersionAt } from '@attestel/registry';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  A,
  appBody,
  B,
  bridgeBody,
  C,
  createFakeLedger,
  didOf,
  type FakeLedger,
  foundedLedger,
  genesisBody,
  issuerBody,
  named,
  P,
  refusalOf,
  STRANGER,
  timeAt,
  V,
  VCT,
} from './fake-ledger.ts';

type Body = { readonly [field: string]: CborValue };
let ledger: FakeLedger;
let registry: ReturnType<typeof createRegistry>;

beforeEach(() => {
  ledger = foundedLedger();
  registry = createRegistry(ledger);
});

const submit = (kind: string, body: Body, by: readonly string[]): string | undefined =>
  refusalOf(() => ledger.submit({ kind, body, by }));

const FOUNDERS = [A, B, C, V, P];
const newcomer = (did = STRANGER): Body => ({ did, name: named('New'), roles: ['operator'] });

describe('genesis', () => {
  const founding = (body: Body, by: readonly string[], height = 1) => {
    const fresh = createFakeLedger();
    return refusalOf(() => fresh.submit({ kind: 'genesis', body, by, height }));
  };

  it('makes every founder an active member and keeps thresholds and anchors', () => {
    expect(registry.members()).toHaveLength(5);
    expect(registry.member(P)).toEqual({
      ...genesisBody.founders[4],
      status: 'active',
      statusSince: timeAt(1),
    });
    expect(registry.trustAnchors()).toEqual(genesisBody.trustAnchors);
  });

  it('is refused unless every founder signed', () => {
    for (const missing of FOUNDERS) {
      const by = FOUNDERS.filter((did) => did !== missing);
      expect(founding(genesisBody, by)).toBe('registry_founder_missing');
    }
  });

  it('is refused in any block but the first, and a second time', () => {
    expect(founding(genesisBody, FOUNDERS, 2)).toBe('registry_founded');
    const again = { kind: 'genesis', body: genesisBody, by: FOUNDERS, height: 1 };
    expect(refusalOf(() => ledger.submit(again))).toBe('registry_founded');
  });

  it('is refused when more votes are needed than there are founders', () => {
    expect(founding({ ...genesisBody, admissionThreshold: 6 }, FOUNDERS)).toBe('registry_threshold');
    expect(founding({ ...genesisBody, accreditationThreshold: 6 }, FOUNDERS)).toBe('registry_threshold');
  });

  it('comes before everything else', () => {
    const fresh = createFakeLedger();
    const early = () => fresh.submit({ kind: 'issuer.accredit', body: issuerBody(A), by: [A, B] });
    expect(refusalOf(early)).toBe('registry_not_founded');
  });
});

describe('every operation', () => {
  it('is refused from anyone but an active member, whoever else signed', () => {
    expect(submit('issuer.accredit', issuerBody(A), [STRANGER, A, B])).toBe('registry_not_member /actor');
    submit('member.suspend', { did: V }, [A, B, C]);
    expect(submit('issuer.accredit', issuerBody(A), [V, A, B])).toBe('registry_not_member /actor');
  });

  it('is refused when its kind is unknown, also by a name of the language', () => {
    for (const kind of ['member.crown', '', 'toString', '__proto__', 'constructor']) {
      expect(submit(kind, {}, [A])).toBe('registry_kind_unknown');
    }
  });

  it('is refused with an attachment, which nothing would check', () => {
    const payload = { kind: 'member.leave', body: {}, actor: A };
    const operation = { payload, attachment: Uint8Array.of(1) } as unknown as Operation;
    expect(refusalOf(() => registryModule.checkStateless(operation))).toBe(
      'registry_body_invalid /attachment',
    );
  });

  it('is announced with its subject', () => {
    const events = ledger.submit({ kind: 'issuer.accredit', body: issuerBody(A), by: [B, C] });
    expect(events).toEqual([{ module: 'registry', type: 'issuer.accredit', data: { did: A } }]);
    const app = ledger.submit({ kind: 'app.register', body: appBody('shop'), by: [P] });
    expect(app[0]?.data).toEqual({ clientId: 'shop' });
    expect(ledger.submit({ kind: 'member.leave', body: {}, by: [V] })[0]?.data).toEqual({ did: V });
  });

  it('changes nothing when it is refused', () => {
    const before = [...ledger.state().list('')];
    submit('issuer.accredit', issuerBody(A), [A]);
    submit('app.register', appBody('shop', { member: A }), [P]);
    submit('member.admit', newcomer(), [A, B, C]);
    expect([...ledger.state().list('')]).toEqual(before);
  });

  it('counts each signature for one vote, also when members share a key', () => {
    for (const other of [B, C]) ledger.lendKey(A, other);
    const shared = { kind: 'issuer.accredit', body: issuerBody(A), by: [A] };
    expect(refusalOf(() => ledger.submit(shared))).toBe('registry_votes_missing');
    // Whoever carries an operation can hang any key's signature on it.
    const padded = { ...shared, keys: [Uint8Array.of(1), Uint8Array.of(2)] };
    expect(refusalOf(() => ledger.submit(padded))).toBe('registry_votes_missing');
    expect(refusalOf(() => ledger.submit({ ...shared, by: [A, B] }))).toBeUndefined();
  });

  it('counts votes of distinct active members only', () => {
    expect(submit('issuer.accredit', issuerBody(A), [A, A, A])).toBe('registry_votes_missing');
    expect(submit('issuer.accredit', issuerBody(A), [A, STRANGER, didOf(77)])).toBe('registry_votes_missing');
    submit('member.suspend', { did: V }, [A, B, C]);
    expect(submit('issuer.accredit', issuerBody(A), [A, V])).toBe('registry_votes_missing');
    expect(submit('issuer.accredit', issuerBody(A), [A, P])).toBeUndefined();
  });
});

describe('members', () => {
  it('are admitted by votes and their own signature', () => {
    expect(submit('member.admit', newcomer(), [A, B, STRANGER])).toBe('registry_votes_missing');
    expect(submit('member.admit', newcomer(), [A, B, C])).toBe('registry_subject_unsigned /did');
    expect(submit('member.admit', newcomer(), [A, B, C, STRANGER])).toBeUndefined();
    expect(registry.member(STRANGER)?.status).toBe('active');
    expect(submit('member.admit', newcomer(), [A, B, C, STRANGER])).toBe('registry_exists /did');
  });

  it('vote as soon as they are admitted', () => {
    submit('member.admit', newcomer(), [A, B, C, STRANGER]);
    expect(submit('issuer.accredit', issuerBody(A), [A, STRANGER])).toBeUndefined();
  });

  it('are suspended and resumed by votes', () => {
    expect(submit('member.suspend', { did: V }, [A, B])).toBe('registry_votes_missing');
    expect(submit('member.suspend', { did: V }, [A, B, C])).toBeUndefined();
    expect(registry.member(V)?.status).toBe('suspended');
    expect(submit('member.suspend', { did: V }, [A, B, C])).toBe('registry_status');
    expect(submit('member.resume', { did: V }, [A, B, V])).toBe('registry_votes_missing');
    expect(submit('member.resume', { did: V }, [A, B, C])).toBeUndefined();
    expect(registry.member(V)?.status).toBe('active');
    expect(submit('member.resume', { did: V }, [A, B, C])).toBe('registry_status');
  });

  it('leave by themselves and come back by votes and their own signature', () => {
    expect(submit('member.leave', {}, [V])).toBeUndefined();
    expect(registry.member(V)?.status).toBe('left');
    expect(submit('member.admit', newcomer(V), [A, B, C, V])).toBe('registry_exists /did');
    expect(submit('member.resume', { did: V }, [A, B, V])).toBe('registry_votes_missing');
    expect(submit('member.resume', { did: V }, [A, B, C])).toBe('registry_subject_unsigned /did');
    expect(submit('member.resume', { did: V }, [V, A, B, C])).toBe('registry_not_member /actor');
    expect(submit('member.resume', { did: V }, [A, B, C, V])).toBeUndefined();
    expect(registry.member(V)?.status).toBe('active');
    expect(submit('issuer.accredit', issuerBody(A), [A, V])).toBeUndefined();
  });

  it('come back with nothing they ran or vouched for, until each is resumed', () => {
    const others = { issuer: issuerBody(B), app: appBody('other', { member: A }) };
    submit('issuer.accredit', others.issuer, [A, B]);
    submit('app.register', others.app, [A]);
    submit('issuer.accredit', issuerBody(C), [A, B]);
    submit('bridge.accredit', bridgeBody(didOf(9), { member: C }), [A, C, didOf(9)]);
    submit('app.register', appBody('shop', { member: C }), [C]);
    submit('app.register', appBody('banned', { member: C }), [C]);
    submit('app.suspend', { clientId: 'banned' }, [A, B]);
    submit('member.leave', {}, [C]);
    expect(submit('member.resume', { did: C }, [A, B, P, C])).toBeUndefined();
    const records = [registry.issuer(C), registry.bridge(didOf(9)), registry.app('shop')];
    expect(records.map((record) => record?.status)).toEqual(Array(3).fill('suspended'));
    expect([registry.issuer(B)?.status, registry.app('other')?.status]).toEqual(['active', 'active']);
    expect(submit('issuer.resume', { did: C }, [C])).toBe('registry_votes_missing');
    expect(submit('issuer.resume', { did: C }, [A, B])).toBeUndefined();
    expect(submit('bridge.resume', { did: didOf(9) }, [A, B])).toBeUndefined();
    expect(submit('app.register', appBody('heir', { name: appBody('shop').name }), [P])).toBeUndefined();
    expect(submit('app.resume', { clientId: 'shop' }, [C])).toBe('registry_name_taken /name');
    expect(submit('app.suspend', { clientId: 'heir' }, [P])).toBeUndefined();
    expect(submit('app.resume', { clientId: 'shop' }, [C])).toBeUndefined();
    expect(submit('app.resume', { clientId: 'banned' }, [C])).toBe('registry_votes_missing');
  });

  it('have the block time of their admission and of each change of status', () => {
    const since = (did: string) => registry.member(did)?.statusSince;
    const now = () => timeAt(ledger.head().height - 1);
    submit('member.admit', newcomer(), [A, B, C, STRANGER]);
    expect([since(V), since(STRANGER)]).toEqual([timeAt(1), now()]);
    for (const [kind, by] of [
      ['member.suspend', [A, B, C]],
      ['member.resume', [A, B, C]],
      ['member.leave', [V]],
      ['member.resume', [A, B, C, V]],
    ] as const) {
      const before = since(V) ?? Number.NaN;
      submit(kind, kind === 'member.leave' ? {} : { did: V }, by);
      expect(since(V)).toBe(now());
      expect(since(V)).toBeGreaterThan(before);
    }
  });

  it('neither vote nor are counted once their DID has no ledger key', () => {
    submit('member.leave', {}, [V]); // A, B, C and P are left, 3 must be
    ledger.dropKeys(P);
    expect(submit('member.suspend', { did: C }, [A, B, C])).toBe('registry_threshold');
    expect(submit('member.leave', {}, [C])).toBe('registry_threshold');
    const parameters = { admissionThreshold: 4, accreditationThreshold: 1, trustAnchors: [] };
    expect(submit('parameters', parameters, [A, B, C])).toBe('registry_threshold');
    expect(submit('bridge.accredit', bridgeBody(didOf(9)), [A, B, didOf(9)])).toBe(
      'registry_not_member /member',
    );
    expect(submit('member.suspend', { did: P }, [A, B, C])).toBeUndefined();
  });

  it('are not suspended and do not leave below the votes that decisions need', () => {
    submit('member.leave', {}, [V]);
    submit('member.suspend', { did: P }, [A, B, C]);
    expect(submit('member.suspend', { did: C }, [A, B, C])).toBe('registry_threshold');
    expect(submit('member.leave', {}, [C])).toBe('registry_threshold');
  });

  it('that nobody knows cannot be suspended', () => {
    expect(submit('member.suspend', { did: STRANGER }, [A, B, C])).toBe('registry_unknown /did');
  });
});

describe('parameters', () => {
  const next = { admissionThreshold: 4, accreditationThreshold: 3, trustAnchors: [] };

  it('are replaced by the votes the old threshold asks for', () => {
    expect(submit('parameters', next, [A, B])).toBe('registry_votes_missing');
    expect(submit('parameters', next, [A, B, C])).toBeUndefined();
    expect(registry.trustAnchors()).toEqual([]);
    expect(submit('issuer.accredit', issuerBody(A), [A, B])).toBe('registry_votes_missing');
    expect(submit('parameters', { ...next, admissionThreshold: 1 }, [A, B, C])).toBe(
      'registry_votes_missing',
    );
  });

  it('never ask for more votes than there are active members', () => {
    expect(submit('parameters', { ...next, admissionThreshold: 6 }, FOUNDERS)).toBe('registry_threshold');
  });
});

describe('an upgrade of the state machine', () => {
  const versionAt = (height: number): number => registryVersionAt(() => ledger.state(), height);
  const upgrade = (sm: number, height: number, by = [A, B, C]) => submit('upgrade', { sm, height }, by);

  it('begins at the height that the votes set, and not before', () => {
    expect(versionAt(1000)).toBe(1);
    expect(upgrade(2, 100, [A, B])).toBe('registry_votes_missing');
    expect(upgrade(2, 100)).toBeUndefined();
    expect([99, 100, 101].map(versionAt)).toEqual([1, 2, 2]);
  });

  it('is put off by another one while it has not begun', () => {
    upgrade(2, 100);
    expect(upgrade(3, 200)).toBeUndefined();
    expect([100, 199, 200].map(versionAt)).toEqual([1, 1, 3]);
    expect(upgrade(1, 150)).toBeUndefined();
    expect(versionAt(200)).toBe(1);
  });

  it('is refused for a height that is over, and back to a version before the present one', () => {
    expect(upgrade(2, 2)).toBe('registry_upgrade_past');
    expect(submit('upgrade', { sm: 2, height: 1 }, [A, B, C])).toBe('registry_body_invalid /height');
    upgrade(2, 10);
    ledger.submit({ kind: 'upgrade', body: { sm: 3, height: 20 }, by: [A, B, C], height: 12 });
    const back = { kind: 'upgrade', body: { sm: 1, height: 30 }, by: [A, B, C], height: 13 };
    expect(refusalOf(() => ledger.submit(back))).toBe('registry_upgrade_back');
  });
});

describe('issuers', () => {
  it('are accredited by votes', () => {
    expect(submit('issuer.accredit', issuerBody(A), [A])).toBe('registry_votes_missing');
    expect(registry.isAccredited(A, VCT, 2000)).toBe(false);
    expect(submit('issuer.accredit', issuerBody(A), [B, C])).toBeUndefined();
    expect(registry.issuer(A)).toEqual({ ...issuerBody(A), status: 'active' });
    expect(registry.isAccredited(A, VCT, 2000)).toBe(true);
  });

  it('must be active members that are operators', () => {
    expect(submit('issuer.accredit', issuerBody(V), [A, B])).toBe('registry_role /did');
    expect(submit('issuer.accredit', issuerBody(STRANGER), [A, B])).toBe('registry_not_member /did');
    submit('member.suspend', { did: C }, [A, B, P]);
    expect(submit('issuer.accredit', issuerBody(C), [A, B])).toBe('registry_not_member /did');
  });

  it('keep their URL to themselves, also after moving to another', () => {
    submit('issuer.accredit', issuerBody(A), [A, B]);
    const { issuerUrl } = issuerBody(A);
    expect(submit('issuer.accredit', issuerBody(B, { issuerUrl }), [A, B])).toBe(
      'registry_url_taken /issuerUrl',
    );
    submit('issuer.accredit', issuerBody(A, { issuerUrl: 'https://new.example' }), [A, B]);
    expect(submit('issuer.accredit', issuerBody(B, { issuerUrl }), [A, B])).toBe(
      'registry_url_taken /issuerUrl',
    );
    expect(submit('issuer.accredit', issuerBody(A), [A, B])).toBeUndefined();
  });

  it('are suspended and resumed by votes; accrediting again lifts no suspension', () => {
    submit('issuer.accredit', issuerBody(A), [A, B]);
    expect(submit('issuer.suspend', { did: A }, [B])).toBe('registry_votes_missing');
    expect(submit('issuer.suspend', { did: A }, [B, C])).toBeUndefined();
    expect(submit('issuer.suspend', { did: A }, [B, C])).toBe('registry_status');
    submit('issuer.accredit', issuerBody(A), [A, B]);
    expect(registry.issuer(A)?.status).toBe('suspended');
    expect(registry.isAccredited(A, VCT, 2000)).toBe(false);
    expect(submit('issuer.resume', { did: A }, [A])).toBe('registry_votes_missing');
    expect(submit('issuer.resume', { did: A }, [A, B])).toBeUndefined();
    expect(registry.isAccredited(A, VCT, 2000)).toBe(true);
    expect(submit('issuer.suspend', { did: B }, [A, B])).toBe('registry_unknown /did');
  });
});

describe('bridges', () => {
  it('are accredited by votes for an active member', () => {
    expect(submit('bridge.accredit', bridgeBody(P), [P])).toBe('registry_votes_missing');
    expect(submit('bridge.accredit', bridgeBody(P, { member: STRANGER }), [A, B, P, STRANGER])).toBe(
      'registry_not_member /member',
    );
    expect(submit('bridge.accredit', bridgeBody(P), [A, P])).toBeUndefined();
    expect(registry.bridge(P)).toEqual({ ...bridgeBody(P), status: 'active' });
  });

  it('sign their accreditation, as does the member that runs them', () => {
    const body = bridgeBody(didOf(9));
    expect(submit('bridge.accredit', body, [A, P])).toBe('registry_subject_unsigned /did');
    expect(submit('bridge.accredit', body, [A, B, didOf(9)])).toBe('registry_subject_unsigned /member');
    expect(submit('bridge.accredit', body, [P, didOf(9)])).toBe('registry_votes_missing');
    expect(submit('bridge.accredit', body, [A, P, didOf(9)])).toBeUndefined();
    const moved = bridgeBody(didOf(9), { member: B });
    expect(submit('bridge.accredit', moved, [A, P, didOf(9)])).toBe('registry_subject_unsigned /member');
    expect(submit('bridge.accredit', moved, [A, B, didOf(9)])).toBeUndefined();
  });

  it('have a URL of their own', () => {
    submit('bridge.accredit', bridgeBody(P), [A, P]);
    expect(submit('bridge.accredit', bridgeBody(didOf(9)), [A, P, didOf(9)])).toBe('registry_url_taken /url');
  });

  it('are suspended and resumed by votes', () => {
    submit('bridge.accredit', bridgeBody(P), [A, P]);
    expect(submit('bridge.suspend', { did: P }, [P])).toBe('registry_votes_missing');
    expect(submit('bridge.suspend', { did: P }, [A, B])).toBeUndefined();
    expect(registry.bridge(P)?.status).toBe('suspended');
    expect(submit('bridge.resume', { did: P }, [A, B])).toBeUndefined();
    expect(registry.bridge(P)?.status).toBe('active');
  });
});

describe('apps', () => {
  const register = (clientId: string, change: Body = {}, by = [P]) =>
    submit('app.register', appBody(clientId, change), by);

  it('are registered by the signature of their member alone', () => {
    expect(register('shop')).toBeUndefined();
    expect(registry.app('shop')).toEqual({ ...appBody('shop'), status: 'active' });
    expect(register('shop')).toBe('registry_exists /clientId');
    expect(register('mine', { member: A })).toBe('registry_not_yours /member');
  });

  it('are changed by their member only, which cannot give them away', () => {
    register('shop');
    expect(submit('app.update', appBody('shop', { claims: [] }), [P])).toBeUndefined();
    expect(registry.app('shop')?.claims).toEqual([]);
    expect(submit('app.update', appBody('shop', { member: A }), [A])).toBe('registry_not_yours');
    expect(submit('app.update', appBody('shop', { member: A }), [P])).toBe('registry_not_yours');
    expect(submit('app.update', appBody('none'), [P])).toBe('registry_unknown /clientId');
  });

  it('never go back to an older secret', () => {
    register('shop');
    expect(submit('app.update', appBody('shop', { secretVersion: 2 }), [P])).toBeUndefined();
    expect(submit('app.update', appBody('shop'), [P])).toBe('registry_secret_version /secretVersion');
  });

  it('have names that do not look like those of another active app, in either language', () => {
    register('shop', { name: named('Qinghe Shop', '青禾商店') });
    for (const name of [
      named('QINGHE-SHOP', '其他'),
      named('Qīnghé 5h0p'.replace('5', 'S'), '其他'),
      named('Other', '青禾 商店'),
      named('青禾商店', '其他'),
    ]) {
      expect(register('fake', { name }, [P])).toBe('registry_name_taken /name');
    }
    expect(register('other', { name: named('Shanhai', '山海') })).toBeUndefined();
    expect(submit('app.update', appBody('other', { name: named('QingheShop', '其他') }), [P])).toBe(
      'registry_name_taken /name',
    );
  });

  it('may keep their own name and free it by taking another', () => {
    register('shop', { name: named('Qinghe', '青禾') });
    expect(submit('app.update', appBody('shop', { name: named('QINGHE', '青禾') }), [P])).toBeUndefined();
    expect(submit('app.update', appBody('shop', { name: named('Renamed', '新名') }), [P])).toBeUndefined();
    expect(register('heir', { name: named('Qinghe', '青禾') })).toBeUndefined();
  });

  it('give up their names while suspended, and do not come back under a taken one', () => {
    register('shop', { name: named('Qinghe', '青禾') });
    expect(submit('app.suspend', { clientId: 'shop' }, [P])).toBeUndefined();
    expect(register('heir', { name: named('Qinghe', '青禾') })).toBeUndefined();
    expect(submit('app.resume', { clientId: 'shop' }, [P])).toBe('registry_name_taken /name');
    expect(submit('app.update', appBody('shop', { name: named('Renamed', '新名') }), [P])).toBeUndefined();
    expect(submit('app.resume', { clientId: 'shop' }, [P])).toBeUndefined();
    expect(register('third', { name: named('renamed', '三') })).toBe('registry_name_taken /name');
  });

  it('are suspended and resumed by their member', () => {
    register('shop');
    expect(submit('app.suspend', { clientId: 'shop' }, [A])).toBe('registry_not_yours');
    expect(submit('app.suspend', { clientId: 'shop' }, [P])).toBeUndefined();
    expect(registry.app('shop')?.status).toBe('suspended');
    expect(submit('app.suspend', { clientId: 'shop' }, [P])).toBe('registry_status');
    expect(submit('app.resume', { clientId: 'shop' }, [A])).toBe('registry_not_yours');
    expect(submit('app.resume', { clientId: 'shop' }, [P])).toBeUndefined();
    expect(submit('app.resume', { clientId: 'shop' }, [P])).toBe('registry_status');
    expect(submit('app.suspend', { clientId: 'none' }, [P])).toBe('registry_unknown /clientId');
  });

  it("stay their member's to resume when other members' signatures came with its own suspension", () => {
    register('shop');
    expect(submit('app.suspend', { clientId: 'shop' }, [P, A, B])).toBeUndefined();
    expect(submit('app.suspend', { clientId: 'shop' }, [P, A, B])).toBe('registry_status');
    expect(submit('app.resume', { clientId: 'shop' }, [P])).toBeUndefined();
  });

  it('stay suspended when votes suspended them, whatever their member says', () => {
    register('shop');
    submit('app.suspend', { clientId: 'shop' }, [P]);
    expect(submit('app.suspend', { clientId: 'shop' }, [A, B])).toBeUndefined();
    expect(submit('app.suspend', { clientId: 'shop' }, [A, B])).toBe('registry_status');
    expect(submit('app.resume', { clientId: 'shop' }, [P])).toBe('registry_votes_missing');
    expect(submit('app.resume', { clientId: 'shop' }, [A, B])).toBeUndefined();
    expect(registry.app('shop')).toEqual({ ...appBody('shop'), status: 'active' });
  });
});
