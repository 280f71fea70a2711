import { issueVc } from '@attestel/credentials';
import { beforeEach, describe, expect, test } from 'vitest';
import { BUILT_IN_TYPES } from '../../../src/host/credentials/built-in-types.ts';
import type { CredentialTypes } from '../../../src/host/ports.ts';
import { shape, text } from '../../../src/module/shapes.ts';
import { type Desk, NOW, newParty, world } from './fake-lines.ts';

const claims = shape({ province: text(8) });
const TYPES: CredentialTypes = {
  ...BUILT_IN_TYPES,
  GroupUnit: { schema: shape({}), trust: { by: 'governor' } },
  ProvinceUnit: { schema: claims, trust: { by: 'governor' } },
  Inspector: { schema: claims, trust: { by: 'holder', of: 'ProvinceUnit', same: ['province'] } },
  Helper: { schema: claims, trust: { by: 'holder', of: 'Inspector', same: ['province'] } },
  Partner: { schema: shape({}), trust: { by: 'module', module: 'roaming.iot' } },
};
const GD = { province: 'GD' } as never;
const [governor, province, person, stranger] = [
  await newParty(),
  await newParty(),
  await newParty(),
  await newParty(),
];
let w: ReturnType<typeof world>;
let gov: Desk;
let prov: Desk;
let other: Desk;

beforeEach(async () => {
  w = world(TYPES);
  w.lines.openChannel('gd', [governor.did]);
  w.lines.openChannel('gd/sz', [province.did]);
  [gov, prov, other] = [await w.desk(governor), await w.desk(province), await w.desk(stranger)];
});

const unit = (to = province.did) => ({ type: 'ProvinceUnit', subject: to, claims: GD });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

describe('a credential counts', () => {
  test('from the line after its first, until the line after its second [C10]', async () => {
    const given = await w.give(gov, unit(), prov);
    const before = { ...w.now(), moment: { index: 0, time: NOW } };
    expect(await other.credentials.verify([given.jwt], before)).toEqual([]);
    const live = w.now();
    const [held] = await other.credentials.verify([given.jwt], live);
    expect(held).toMatchObject({
      type: 'ProvinceUnit',
      subject: province.did,
      issuer: governor.did,
      claims: GD,
    });
    given.revoke();
    // At once, on every node; what was decided before stays as it was.
    expect(await other.credentials.verify([given.jwt], w.now())).toEqual([]);
    expect(await prov.credentials.verify([given.jwt], w.now())).toEqual([]);
    expect(await other.credentials.verify([given.jwt], live)).toHaveLength(1);
    expect(await prov.credentials.presentedFor(province.did, province.did, 'gd')).toEqual([]);
  });

  test('within its validity, by block time', async () => {
    const { jwt } = await w.give(gov, { ...unit(), until: NOW + 10 }, prov);
    const at = async (time: number) =>
      (await prov.credentials.verify([jwt], { ...w.now(), moment: { index: 9, time } })).length;
    expect([await at(NOW - 1), await at(NOW), await at(NOW + 9), await at(NOW + 10)]).toEqual([0, 1, 1, 0]);
  });

  test('in its channel and below it, nowhere else', async () => {
    const { jwt } = await w.give(gov, unit(), prov);
    w.lines.openChannel('sc', [governor.did]);
    expect(await prov.credentials.verify([jwt], w.now('gd/sz'))).toHaveLength(1);
    expect(await prov.credentials.verify([jwt], w.now('sc'))).toEqual([]);
  });

  test('only with claims of the schema of its type', async () => {
    const { jwt } = await w.give(gov, unit(), prov);
    const types = {
      ...TYPES,
      ProvinceUnit: { schema: shape({ town: text(8) }), trust: { by: 'governor' } as const },
    };
    expect(await prov.credentials.verify([jwt], { ...w.now(), types })).toEqual([]);
    expect(await prov.credentials.verify([jwt], { ...w.now(), types: {} })).toEqual([]);
  });

  test('only by the issuer whose line began it, and with its signature', async () => {
    const { jwt, ref } = await w.give(gov, unit(), prov);
    const forged = `${jwt.slice(0, -6)}AAAAAA`;
    const name = Buffer.from(ref).toString('hex');
    const vc = {
      type: 'ProvinceUnit',
      issuer: stranger.did,
      subject: stranger.did,
      claims: GD,
      validFrom: NOW,
      validUntil: null,
    };
    const theirs = await issueVc({
      vc: { ...vc, status: { channel: 'gd', ref: name } },
      kid: stranger.kid,
      signer: stranger.signer,
    });
    const nowhere = await issueVc({
      vc: { ...vc, status: null },
      kid: stranger.kid,
      signer: stranger.signer,
    });
    expect(await prov.credentials.verify([forged, theirs, nowhere, 'rubbish'], w.now())).toEqual([]);
  });

  test('once, however often it is presented; in the order given', async () => {
    const first = await w.give(gov, unit(), prov);
    const second = await w.give(gov, { ...unit(), until: NOW + 5 }, prov);
    const held = await prov.credentials.verify([second.jwt, first.jwt, second.jwt], w.now());
    expect(held.map(({ jwt }) => jwt)).toEqual([second.jwt, first.jwt]);
  });

  test('a DID that cannot be looked up now is no fault of the credential', async () => {
    const { jwt } = await w.give(gov, unit(), prov);
    const broken = w.documents;
    const get = broken.get.bind(broken);
    broken.get = () => {
      throw new Error('down');
    };
    await expect(prov.credentials.verify([jwt], w.now())).rejects.toThrow('down');
    broken.get = get;
    expect(await prov.credentials.verify([jwt], w.now())).toHaveLength(1);
  });
});

describe('trust', () => {
  test('by governor: of the channel or above it; no other is asked to sign', async () => {
    expect(await codeOf(w.give(other, unit()))).toBe('permission_denied');
    // A governor of the channel below has no say above.
    expect(await codeOf(w.give(prov, unit(person.did)))).toBe('permission_denied');
    const { jwt } = await w.give(prov, { ...unit(person.did), channel: 'gd/sz' });
    expect(await other.credentials.verify([jwt], w.now('gd/sz'))).toHaveLength(1);
    w.lines.openChannel('gd/sz', [stranger.did]);
    expect(await other.credentials.verify([jwt], w.now('gd/sz'))).toEqual([]);
  });

  test('by governor in main: an active member, and never for itself', async () => {
    w.lines.admit(governor.did, 'active');
    expect(await codeOf(w.give(gov, { ...unit(governor.did), channel: 'main' }))).toBe('permission_denied');
    const { jwt } = await w.give(gov, { ...unit(), channel: 'main' });
    expect(await other.credentials.verify([jwt], w.now('main'))).toHaveLength(1);
    // Members do not govern the channels below `main`.
    w.lines.openChannel('sc', [stranger.did]);
    expect(await other.credentials.verify([jwt], w.now('sc'))).toEqual([]);
  });

  test('an issuer that the consortium suspended does not count', async () => {
    w.lines.admit(governor.did, 'active');
    const { jwt } = await w.give(gov, unit(), prov);
    expect(await prov.credentials.verify([jwt], w.now())).toHaveLength(1);
    w.lines.admit(governor.did, 'suspended');
    expect(await prov.credentials.verify([jwt], w.now())).toEqual([]);
  });

  test('by holder: with the same claims, as long as the right lives; the right is presented too [C10]', async () => {
    const right = await w.give(gov, unit(), prov);
    expect(
      await codeOf(
        w.give(prov, { type: 'Inspector', subject: person.did, claims: { province: 'HN' } as never }),
      ),
    ).toBe('permission_denied');
    const given = await w.give(prov, { type: 'Inspector', subject: person.did, claims: GD }, prov);
    const presented = await prov.credentials.presentedFor(person.did, province.did, 'gd');
    expect(new Set(presented)).toEqual(new Set([given.jwt, right.jwt]));
    const [held] = await other.credentials.verify([given.jwt, right.jwt], w.now());
    expect(held).toMatchObject({ type: 'Inspector', support: [right.jwt] });
    expect(await other.credentials.verify([given.jwt], w.now())).toEqual([]);
    right.revoke();
    expect(await other.credentials.verify([given.jwt, right.jwt], w.now())).toEqual([]);
  });

  test('by holder, over two steps; a circle proves nothing', async () => {
    const helper = await w.desk(person);
    const right = await w.give(gov, unit(), prov);
    const inspector = await w.give(prov, { type: 'Inspector', subject: person.did, claims: GD }, helper);
    await helper.store.transact((writer) => helper.credentials.keep(writer, 'gd', [right.jwt]));
    const last = await w.give(helper, { type: 'Helper', subject: stranger.did, claims: GD }, other);
    const all = [last.jwt, inspector.jwt, right.jwt];
    expect((await other.credentials.verify(all, w.now()))[0]).toMatchObject({
      support: [inspector.jwt, right.jwt],
    });
    const circle = {
      ...TYPES,
      ProvinceUnit: { schema: claims, trust: { by: 'holder', of: 'Inspector', same: [] } as const },
    };
    expect(await other.credentials.verify(all, { ...w.now(), types: circle })).toEqual([]);
  });

  test('by claim: the party that it names', async () => {
    const agent = (principal: string) => ({
      type: 'Agent',
      subject: person.did,
      claims: { principal, modules: ['test.toy'] } as never,
    });
    expect(await codeOf(w.give(other, agent(province.did)))).toBe('permission_denied');
    const { jwt } = await w.give(prov, agent(province.did), prov);
    expect(await other.credentials.verify([jwt], w.now())).toHaveLength(1);
  });

  test('by module: the line is one of that module, also where the line does not say so', async () => {
    const digest = new Uint8Array(32).fill(7);
    const partner = { type: 'Partner', subject: stranger.did, claims: {} };
    const open = await w.give(prov, { ...partner, digest });
    expect(await other.credentials.verify([open.jwt], w.now())).toEqual([]);
    w.names.set('07'.repeat(32), 'roaming.iot');
    expect(await other.credentials.verify([open.jwt], w.now())).toHaveLength(1);
    const blind = await w.give(prov, { ...partner, digest: null });
    expect(await other.credentials.verify([blind.jwt], w.now())).toEqual([]);
    w.names.set(blind.line, 'roaming.iot');
    expect(await other.credentials.verify([blind.jwt], w.now())).toHaveLength(1);
  });
});

describe('what is kept', () => {
  test('goes with the key of the payload that issued it', async () => {
    const { vault, credentials, store } = prov;
    const { jwt, line } = await w.give(gov, unit());
    await vault.make([`p/${line}`]);
    await store.transact((writer) => credentials.keep(writer, 'gd', [jwt]));
    expect(await credentials.presentedFor(province.did, province.did, 'gd')).toEqual([jwt]);
    await vault.destroy([`p/${line}`]);
    expect(await credentials.presentedFor(province.did, province.did, 'gd')).toEqual([]);
  });

  test('names no subject and no claim in the store', async () => {
    await w.give(gov, unit(), prov);
    const rows = [...prov.store.range('contract.credential')];
    expect(rows).toHaveLength(1);
    const plain = rows.map(([key, value]) => Buffer.concat([key, value]).toString('latin1')).join();
    expect(plain).not.toContain(province.did);
    expect(plain).not.toContain('eyJ');
  });

  test('the same may come again; what is no credential of the channel is left out', async () => {
    const { jwt } = await w.give(gov, unit(), prov);
    await prov.store.transact((writer) => prov.credentials.keep(writer, 'gd', [jwt]));
    expect([...prov.store.range('contract.credential')]).toHaveLength(1);
    await prov.store.transact((writer) => prov.credentials.keep(writer, 'sc', [jwt, 'rubbish']));
    expect([...prov.store.range('contract.credential')]).toHaveLength(1);
  });
});
