import { createMemoryStore, silentLogger, systemRandom, toHex } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { ConsentStore } from '@attestel/oidc-bridge';
import {
  type ContractHost,
  createContractHost,
  DATA_MODULES,
  instantText,
  type Module,
  openKeyFile,
} from '@attestel/scenarios';
import { beforeAll, describe, expect, it } from 'vitest';
import { choiceOf, consentSuite } from '../../../../oidc-bridge/test/support/consent-suite.ts';
import {
  clock as blockClock,
  type Consortium,
  type Organisation,
  openConsortium,
  organisation,
} from '../../../../registry/test/consortium.ts';
import { fakeCredentials, memoryDisk } from '../../../../scenarios/test/host/world.ts';
import { createContractConsents } from '../../../src/node/consents/contract-consents.ts';

const { digest } = choiceOf([]).notice;
let bridge: Organisation;
let consortium: Consortium;

beforeAll(async () => {
  bridge = { ...(await organisation('bridge')), roles: ['bridge'] };
  consortium = await openConsortium([bridge, await organisation('other'), await organisation('third')]);
});

/** What the ledger does with the next line, beside taking it. */
type Fault = 'lost-answer' | 'down' | undefined;

async function open() {
  const store = createMemoryStore();
  const disk = memoryDisk();
  const keyStore = createMemoryKeyStore();
  await keyStore.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'vault' });
  const clock = { offset: 0, now: () => blockClock.now() + clock.offset * 1000 };
  const faults: { next: Fault } = { next: undefined };
  const { ledger } = consortium;
  const lines: string[] = [];
  const submit: typeof ledger.submit = async (operations) => {
    if (faults.next === 'down') throw new Error('the ledger is down');
    const results = await ledger.submit(operations);
    if (faults.next === 'lost-answer') throw new Error('the answer got lost');
    lines.push(...operations.map(({ id }) => toHex(id)));
    return results;
  };
  const start = async (): Promise<{ host: ContractHost; consents: ConsentStore }> => {
    const vault = await openKeyFile({
      disk,
      mac: (text) => keyStore.mac('vault', text),
      random: systemRandom,
    });
    const host = await createContractHost({
      ...{ store, vault, random: systemRandom, logger: silentLogger, clock: blockClock },
      ledger: Object.assign(Object.create(ledger), { submit }) as typeof ledger,
      party: { did: bridge.did, signers: [bridge.signer] },
      modules: DATA_MODULES as unknown as readonly Module[],
      exchange: { deliver: () => Promise.reject(new Error('nobody is told')) },
      credentials: fakeCredentials(),
      later: () => ({ stop() {} }),
    });
    const consents = await createContractConsents({
      ...{ host, did: bridge.did, store, keyStore, clock, random: systemRandom, jurisdiction: 'CN' },
      ledger: { head: () => ({ time: ledger.head().time + clock.offset }) },
    });
    return { host, consents };
  };
  let running = await start();
  return {
    ...{ store: () => running.consents, host: () => running.host, faults, lines, database: store },
    restart: async () => {
      running = await start();
    },
    later: (seconds: number) => {
      clock.offset += seconds;
    },
  };
}

const OBJECTS = { channel: 'main', module: 'data.consent@1' };
type Opened = Awaited<ReturnType<typeof open>>;

const serialOf = async (world: Opened): Promise<string> => (await world.store().list('ann'))[0]?.serial ?? '';
const query = (world: Opened, name: string, args: Record<string, string>) =>
  world.host().query({ ...OBJECTS, query: name, args, reader: { actor: bridge.did } });
const revoke = (world: Opened, id: string) =>
  world.host().run({ ...OBJECTS, command: 'revoke', id, actor: bridge.did, data: {} });

describe('consents at the contract host', () => {
  consentSuite(open);

  it('are records of ISO/IEC TS 27560 and CAMARA’s statuses', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number'], ['country']));
    const id = await serialOf(world);
    expect(await query(world, 'record', { id })).toMatchObject({
      record_header: { record_id: id, pii_principal_id: 'ab'.repeat(16) },
      pii_processing: { pii_information: ['sub', 'phone_number'], services: ['shop'] },
      events: [{ event_type: 'requested' }, { event_type: 'given' }],
    });
    const at = instantText(Math.floor(blockClock.now() / 1000));
    expect(await query(world, 'status', { subject: 'ab'.repeat(16), at })).toMatchObject({
      statusInfo: [{ statusValidForProcessing: true, scopes: ['sub', 'phone_number'] }],
    });
  });

  it('end for the bridge as soon as a contract command revokes them', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    await revoke(world, await serialOf(world));
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
    expect(await world.store().list('ann')).toEqual([]);
  });

  it('end at the contract host as soon as the bridge removes them', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    const id = await serialOf(world);
    await world.store().remove('ann', 'shop');
    const { state } = await world.host().get({ ...OBJECTS, id, reader: { actor: bridge.did } });
    expect(state).toMatchObject({ status: 'revoked' });
  });

  it('are one line each; the same choice again is none, another one ends the one before in its line', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    await world.store().find('ann', 'shop');
    expect(world.lines).toHaveLength(1);
    const before = await serialOf(world);
    await world.store().save('ann', 'shop', choiceOf([], ['phone_number']));
    expect(world.lines).toHaveLength(2);
    const { state } = await world.host().get({ ...OBJECTS, id: before, reader: { actor: bridge.did } });
    expect(state).toMatchObject({ status: 'revoked' });
  });

  it('are forgotten with their payload, and asked for again', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    const id = await serialOf(world);
    const erased = await world.host().erase({ line: world.lines[0] ?? '', actor: bridge.did });
    expect(erased.heldBy).toEqual([]);
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
    expect(await query(world, 'record', { id })).toBeNull();
    await world.store().save('ann', 'shop', choiceOf(['country']));
    expect(await world.store().find('ann', 'shop')).toEqual({
      notice: { digest },
      granted: ['country'],
      refused: [],
    });
  });

  it('do not come back to life where the payload of their end is erased', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    await world.store().remove('ann', 'shop');
    await world.host().erase({ line: world.lines[1] ?? '', actor: bridge.did });
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
  });

  it('end without complaint where a contract command was faster', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    const id = await serialOf(world);
    await Promise.all([revoke(world, id), world.store().remove('ann', 'shop')]);
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
    expect(world.lines).toHaveLength(2);
  });

  it('are replaced where the one before ends at the same moment', async () => {
    const world = await open();
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    const id = await serialOf(world);
    await Promise.all([revoke(world, id), world.store().save('ann', 'shop', choiceOf(['country']))]);
    expect(await world.store().find('ann', 'shop')).toEqual({
      notice: { digest },
      granted: ['country'],
      refused: [],
    });
  });

  it('are begun ten times an hour at most for one person at one app, and end as often as they stand', async () => {
    const world = await open();
    const change = (i: number) => world.store().save('ann', 'shop', choiceOf(i % 2 ? ['country'] : []));
    for (let i = 0; i < 10; i += 1) await change(i);
    await expect(change(10)).rejects.toMatchObject({ code: 'consent_changed_too_often' });
    expect(await world.store().find('ann', 'shop')).toEqual({
      notice: { digest },
      granted: ['country'],
      refused: [],
    });
    await world.store().save('ann', 'forum', choiceOf(['country']));
    await world.store().remove('ann', 'shop');
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
    world.later(3601);
    await change(10);
    expect(await world.store().find('ann', 'shop')).toEqual({ notice: { digest }, granted: [], refused: [] });
  });

  it('are not there while the ledger is down, and there is no half of them afterwards', async () => {
    const world = await open();
    world.faults.next = 'down';
    await expect(world.store().save('ann', 'shop', choiceOf(['phone_number']))).rejects.toThrow();
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
    world.faults.next = undefined;
    await world.store().save('ann', 'shop', choiceOf([], ['phone_number']));
    expect(await world.store().find('ann', 'shop')).toEqual({
      notice: { digest },
      granted: [],
      refused: ['phone_number'],
    });
    expect(await world.store().list('ann')).toHaveLength(1);
  });

  it('of which only the answer got lost are found after a restart, and can be removed', async () => {
    const world = await open();
    world.faults.next = 'lost-answer';
    await expect(world.store().save('ann', 'shop', choiceOf(['phone_number']))).rejects.toThrow();
    world.faults.next = undefined;
    await world.restart();
    expect(await world.store().find('ann', 'shop')).toEqual({
      notice: { digest },
      granted: ['phone_number'],
      refused: [],
    });
    await world.store().remove('ann', 'shop');
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
  });

  it('that come after the person took them back are ended', async () => {
    const world = await open();
    world.faults.next = 'down';
    await expect(world.store().save('ann', 'shop', choiceOf(['phone_number']))).rejects.toThrow();
    await world.store().remove('ann', 'shop');
    world.faults.next = undefined;
    // The host sends the line again when it opens.
    await world.restart();
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
    const at = instantText(Math.floor(blockClock.now() / 1000));
    expect(await query(world, 'status', { subject: 'ab'.repeat(16), at })).toMatchObject({
      statusInfo: [{ statusValidForProcessing: false, statusReason: 'REVOKED' }],
    });
  });

  /** One choice after the other, none of which the ledger answers, each taken back. */
  async function takeBackUnanswered(world: Opened, times: number): Promise<void> {
    world.faults.next = 'down';
    for (let i = 0; i < times; i += 1) {
      await expect(world.store().save('ann', 'shop', choiceOf(['country']))).rejects.toThrow();
      await world.store().remove('ann', 'shop');
    }
  }
  const statuses = async (world: Opened) => {
    const at = instantText(Math.floor(blockClock.now() / 1000));
    const { statusInfo } = (await query(world, 'status', { subject: 'ab'.repeat(16), at })) as {
      statusInfo: { statusValidForProcessing: boolean }[];
    };
    return statusInfo.map((one) => one.statusValidForProcessing);
  };

  it('that come late are all ended, as many as there may be; more are not begun', async () => {
    const world = await open();
    const before = (await statuses(world)).length;
    await takeBackUnanswered(world, 8);
    await expect(world.store().save('ann', 'shop', choiceOf(['country']))).rejects.toMatchObject({
      code: 'consents_unsettled',
    });
    await expect(world.store().save('ann', 'forum', choiceOf(['country']))).rejects.not.toMatchObject({
      code: 'consents_unsettled',
    });
    await world.store().remove('ann', 'forum');
    world.faults.next = undefined;
    await world.restart();
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
    expect(await world.store().find('ann', 'forum')).toBeUndefined();
    const late = (await statuses(world)).slice(before);
    expect(late).toEqual(Array.from({ length: 9 }, () => false));
    await world.store().save('ann', 'shop', choiceOf(['phone_number']));
    expect(await world.store().find('ann', 'shop')).toMatchObject({ granted: ['phone_number'] });
  });

  it('that cannot come any more make room for others', async () => {
    const world = await open();
    await takeBackUnanswered(world, 8);
    world.later(86_400);
    await expect(world.store().save('ann', 'shop', choiceOf([]))).rejects.toMatchObject({
      code: 'consents_unsettled',
    });
    world.later(1);
    await expect(world.store().save('ann', 'shop', choiceOf([]))).rejects.not.toMatchObject({
      code: 'consents_unsettled',
    });
  });

  it('are begun anew where the app says something else, or another member vouches for it', async () => {
    const world = await open();
    const choice = choiceOf(['phone_number']);
    const other = { digest: '01'.repeat(32) };
    await world.store().save('ann', 'shop', choice);
    await world.store().save('ann', 'shop', { ...choice, notice: { ...choice.notice, ...other } });
    expect(world.lines).toHaveLength(2);
    expect(await world.store().find('ann', 'shop')).toMatchObject({ notice: other });
    await world.store().save('ann', 'shop', { ...choice, recipient: 'did:mno:another' });
    expect(world.lines).toHaveLength(3);
  });

  it('are named nowhere in the index: neither account nor app nor object is to be read', async () => {
    const world = await open();
    await world.store().save('ann-is-a-random-account', 'corner-shop', choiceOf(['phone_number']));
    const dump = [...world.database.range('node/consents')]
      .flat()
      .map((bytes) => Buffer.from(bytes).toString('latin1'))
      .join('\n');
    const serial = (await world.store().list('ann-is-a-random-account'))[0]?.serial ?? 'none';
    for (const hidden of ['ann-is-a-random-account', 'corner-shop', serial])
      expect(dump).not.toContain(hidden);
  });
});
