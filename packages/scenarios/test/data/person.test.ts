import { beforeAll, describe, expect, it } from 'vitest';
import type { Consent } from '../../src/data/consent/consent-views.ts';
import { exportPerson, type PersonExport } from '../../src/data/person/export-person.ts';
import { readObjectRow } from '../../src/host/store/object-rows.ts';
import { did, type Node, settleAll } from '../host/world.ts';
import {
  chainOf,
  consented,
  type DataWorld,
  NOW,
  OTHER_PERSON,
  openDataWorld,
  provided,
  revoked,
} from './data-world.ts';

const CHANNEL = chainOf(0);
const ME = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);

let data: DataWorld;
let provider: Node;
let mine: { consents: string[]; provisions: string[]; lines: string[] };
let theirs: string[];

beforeAll(async () => {
  data = await openDataWorld();
  provider = data.parties[0];
  const { platform } = data;
  const agree = (subject: string, person?: string) =>
    consented({ channel: CHANNEL, subject, provider, recipient: platform, ...(person ? { person } : {}) });
  const [first, second, other] = [await agree(ME), await agree(ME), await agree(OTHER, OTHER_PERSON)];
  const give = (consent: string) => provided(provider, CHANNEL, consent, platform);
  const given = [await give(first), await give(first), await give(second)];
  const notMine = await give(other);
  await settleAll([provider, platform]);
  await revoked(provider, CHANNEL, second);
  await settleAll([provider, platform]);
  mine = {
    consents: [first, second].sort(),
    provisions: given.map(({ id }) => id).sort(),
    lines: given.map(({ line }) => line),
  };
  theirs = [other, notMine.id];
});

const viewOf = (node: Node, module: string, id: string) =>
  node.host.get({ channel: CHANNEL, module: `data.${module}@1`, id, reader: { actor: did(node) } });

async function exported(subject: string): Promise<PersonExport> {
  const answer = await provider.host.answerLookup({ channel: CHANNEL, subject }, { actor: did(provider) });
  const states = new Map<string, unknown>();
  for (const { module, id } of answer.objects)
    states.set(id, (await viewOf(provider, module.slice('data.'.length), id)).state);
  return exportPerson(answer, { at: NOW, stateOf: ({ id }) => ({ state: states.get(id) as never }) });
}

describe('everything about one person', () => {
  it('[D7] is exported: all consents and provisions of theirs, nothing of others, and each can be proved', async () => {
    const { consents, provisions, evidence, left, next, ...about } = await exported(ME);
    expect(about).toEqual({
      ...{ schema: 'attestel/person-export/v2', party: did(provider), channel: CHANNEL, subject: ME },
      exported_at: '2027-01-15T08:00:00Z',
    });
    expect([left, next]).toEqual([[], null]);
    const ids = consents.map(
      ({ consent_record }) => (consent_record.record_header as { record_id: string }).record_id,
    );
    expect(ids).toEqual(mine.consents);
    expect(consents.map(({ standing }) => standing).sort()).toEqual(['active', 'revoked']);
    expect(provisions.map(({ provision_id }) => provision_id)).toEqual(mine.provisions);
    for (const provision of provisions) {
      expect(mine.consents).toContain(provision.record_id);
      expect(provision).toMatchObject({
        ...{ recipient: did(data.platform), purpose: 'dpv:CreditChecking', pii_information: ['tenure'] },
        supplies: [{ time: '2027-01-15T08:00:00Z', digest: 'ff'.repeat(32), records: 1 }],
      });
    }
    const text = JSON.stringify({ consents, provisions, evidence });
    for (const other of [OTHER, ...theirs]) expect(text).not.toContain(other);
    for (const one of evidence) {
      const proved = await data.regulator.host.prove(JSON.parse(JSON.stringify(one)));
      expect(proved).toMatchObject({ id: one.id, gaps: 0 });
    }
  });

  it('[D7] has the fields of ISO/IEC TS 27560 in each consent', async () => {
    const [{ consent_record } = { consent_record: {} }] = (await exported(ME)).consents;
    expect(consent_record).toMatchObject({
      record_header: { schema_version: 'ISO/IEC TS 27560:2023', pii_principal_id: ME },
      pii_processing: {
        privacy_notice: { uri: 'https://party.example/notice' },
        ...{ language: 'zh-CN', purposes: ['dpv:CreditChecking'], jurisdiction: 'CN' },
        ...{ pii_information: ['income-band', 'tenure'], pii_controllers: [did(provider)] },
        ...{ storage_locations: ['CN'], retention_period: 'P30D' },
        recipient_third_parties: [did(data.platform)],
        withdrawal_method: 'https://party.example/end',
      },
    });
  });

  it('is empty for a name that nobody has, and is nobody else’s to ask for', async () => {
    expect(await exported('ef'.repeat(16))).toMatchObject({ consents: [], provisions: [], evidence: [] });
    const question = { channel: CHANNEL, subject: ME };
    await expect(provider.host.answerLookup(question, { actor: did(data.parties[1]) })).rejects.toMatchObject(
      { code: 'permission_denied' },
    );
    await expect(provider.host.eraseSubject(question, did(data.platform))).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('[D7] [C6] is erased: 410, the ledger verifies, states fold again, others’ stay, and it is said who still has it', async () => {
    const done = await provider.host.eraseSubject({ channel: CHANNEL, subject: ME }, did(provider));
    expect(done.left).toEqual([]);
    const ids = [...new Set(done.erased.map(({ id }) => id))].sort();
    expect(ids).toEqual([...mine.consents, ...mine.provisions].sort());
    // The request, the approval, and for one of them the end; one line a provision.
    expect(done.erased).toHaveLength(2 * 2 + 1 + 3);
    for (const { line, heldBy } of done.erased) {
      expect(heldBy).toEqual([did(data.platform)]);
      await expect(provider.host.payload({ line, reader: { actor: did(provider) } })).rejects.toMatchObject({
        ...{ code: 'gone', status: 410, extra: { heldBy: did(data.platform) } },
      });
    }
    expect((await exported(ME)).evidence).toEqual([]);
    const { faults, erased } = provider.host.verify();
    expect([faults, erased]).toEqual([[], done.erased.length]);
    expect(await data.world.consortium.verify()).toMatchObject({ ok: true });
    await provider.reopen();
    for (const [module, ids] of [
      ['data.consent', mine.consents],
      ['data.provision', mine.provisions],
    ] as const)
      for (const id of ids) {
        const row = readObjectRow(provider.store, provider.vault(), { channel: CHANNEL, module, id });
        expect(row?.state).toMatchObject({ status: 'unknown', erased: row?.count });
        expect(JSON.stringify(row)).not.toContain(ME);
      }
    const others = await exported(OTHER);
    expect([others.consents.length, others.provisions.length]).toEqual([1, 1]);
    const kept = await viewOf(data.platform, 'consent', mine.consents[0] ?? '');
    expect((kept.state as unknown as Consent).scope.subject).toBe(ME);
    // Asked again, it is done already.
    const again = await provider.host.eraseSubject({ channel: CHANNEL, subject: ME }, did(provider));
    expect(again.erased).toEqual([]);
  });

  it('a consent does not come back by the erasure of what revoked it', async () => {
    const { platform } = data;
    const consent = await consented({
      channel: CHANNEL,
      subject: 'ef'.repeat(16),
      provider,
      recipient: platform,
    });
    await provided(provider, CHANNEL, consent, platform);
    const { line } = await revoked(provider, CHANNEL, consent);
    await settleAll([provider, platform]);
    await provider.host.erase({ line, actor: did(provider) });
    expect((await viewOf(provider, 'consent', consent)).state).toMatchObject({ status: 'active', erased: 1 });
    await expect(provided(provider, CHANNEL, consent, platform)).rejects.toMatchObject({
      code: 'consent_required',
    });
    const args = { subject: 'ef'.repeat(16), at: new Date(NOW * 1000).toISOString().replace('.000', '') };
    const asked = {
      channel: CHANNEL,
      module: 'data.consent@1',
      query: 'status',
      args,
      reader: { actor: did(provider) },
    };
    expect(JSON.stringify(await provider.host.query(asked))).toContain('"statusValidForProcessing":false');
  });

  it('nothing is given any more on a consent that was erased', async () => {
    await expect(provided(provider, CHANNEL, mine.consents[0] ?? '', data.platform)).rejects.toMatchObject({
      code: 'consent_required',
    });
  });
});
