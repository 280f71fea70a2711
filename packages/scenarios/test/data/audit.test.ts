import { encodeCbor, fromHex, type JsonValue } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataProvision } from '../../src/data/modules/data-provision.ts';
import type { Audit } from '../../src/host/evidence/audit-objects.ts';
import type { Kept } from '../../src/host/payload/payload.schema.ts';
import { type ObjectRow, objectKeyName, readObjectRow } from '../../src/host/store/object-rows.ts';
import {
  openKept,
  payloadKeyName,
  readPayloadRecord,
  sealKept,
  writePayloadRecord,
} from '../../src/host/store/payload-records.ts';
import { sealJson } from '../../src/host/store/sealed-json.ts';
import { objectKey, TABLES } from '../../src/host/store/tables.ts';
import type { Module } from '../../src/module/module.ts';
import { did, type Node } from '../host/world.ts';
import {
  act,
  chainOf,
  consented,
  type DataWorld,
  MODULES,
  mac,
  openDataWorld,
  provided,
  provisionData,
  scopeOf,
} from './data-world.ts';

const CHANNEL = chainOf(0);
const MODULE = 'data.provision';
const SUBJECT = 'ab'.repeat(16);

interface Made {
  readonly id: string;
  readonly line: string;
}

let data: DataWorld;
let provider: Node;
let consent: string;
beforeAll(async () => {
  data = await openDataWorld();
  provider = data.parties[0];
  consent = await consented({ channel: CHANNEL, subject: SUBJECT, provider, recipient: data.platform });
  // What the platform has of it plays no part: the audit is of the provider's store.
  data.world.unreachable.add(did(data.platform));
});

const provideOne = () => provided(provider, CHANNEL, consent, data.platform);
const auditAs = (reader: Node): Promise<Audit> =>
  provider.host.audit({ channel: CHANNEL, module: `${MODULE}@1`, reader: { actor: did(reader) } });

const nameOf = (id: string) => ({ channel: CHANNEL, module: MODULE, id });
const keptOf = (line: string): Kept =>
  openKept(provider.vault(), line, readPayloadRecord(provider.store, line)?.sealed as Uint8Array);

/** Whoever has store and keys of the provider writes what it likes. */
async function writeKept(line: string, kept: Kept): Promise<void> {
  await provider.vault().make([payloadKeyName(line)]);
  const sealed = sealKept(provider.vault(), line, kept);
  await provider.store.transact((writer) =>
    writePayloadRecord(writer, line, { channel: CHANNEL, verdict: 'checked', sealed, erased: null }),
  );
}

async function writeState(id: string, row: ObjectRow): Promise<void> {
  const [key, { generation, ...rest }] = [objectKeyName(nameOf(id), row.generation), row];
  await provider.vault().make([key]);
  const sealed = sealJson(provider.vault(), key, rest as unknown as JsonValue);
  await provider.store.transact((writer) =>
    writer.put(TABLES.object, objectKey(CHANNEL, MODULE, id), encodeCbor([generation, sealed])),
  );
}

const rowOf = (id: string): ObjectRow =>
  readObjectRow(provider.store, provider.vault(), nameOf(id)) as ObjectRow;

/** A host that asks no consent: same module, same digest, no rules. @returns what it wrote on the ledger */
async function provideUnasked(): Promise<Made> {
  const lawless = MODULES.map((module) =>
    module.name === MODULE
      ? ({ ...dataProvision, commands: lawlessCommands() } as unknown as Module)
      : module,
  );
  const { store, disk, organisation } = provider;
  const patched = await data.world.node(organisation, { modules: lawless, store, disk, mac });
  const done = await act(patched, {
    ...{ channel: CHANNEL, module: 'provision', command: 'submit' },
    data: provisionData('0'.repeat(32), data.platform),
  });
  await patched.host.close();
  await provider.reopen();
  return done;
}

function lawlessCommands(): Module['commands'] {
  const { submit } = dataProvision.commands as Module['commands'];
  if (!submit) throw new Error('no submit');
  const allowing: typeof submit.decide = (request) => {
    const { party } = request.context;
    const scope = scopeOf(SUBJECT, party, did(data.platform));
    const effect = { from: 0, until: null };
    const consented = { scope, status: 'active', limit: null, uses: 0, approvals: [], effect };
    const context = { ...request.context, read: () => consented as never };
    return submit.decide({ ...request, context } as never);
  };
  return { ...dataProvision.commands, submit: { ...submit, decide: allowing } } as Module['commands'];
}

it('[D6] names, of 1,000 provisions, the 7 that were written past the host or against the rules, and no other', async () => {
  const made: Made[] = [];
  while (made.length < 996) made.push(...(await Promise.all(Array.from({ length: 83 }, provideOne))));
  expect(await auditAs(provider)).toEqual({
    ...{ result: 'ok', objects: 996, erased: 0, findings: [], unchecked: [], more: 0 },
  });
  const pick = (number: number): Made => made[number * 100] as Made;
  const items = [{ time: 1, digest: 'dd'.repeat(32), records: 1 }];

  const [changed, swapped, counted, enlarged] = [pick(1), pick(2), pick(3), pick(4)];
  const { payload, ...rest } = keptOf(changed.line);
  const [event] = payload.events;
  await writeKept(changed.line, {
    ...rest,
    payload: {
      ...payload,
      data: { head: { consent } },
      events: event ? [{ ...event, parties: [did(provider)] }] : [],
    },
  });
  await writeKept(swapped.line, keptOf(pick(5).line));
  await writeKept(counted.line, { ...keptOf(counted.line), items });
  await writeState(enlarged.id, {
    ...rowOf(enlarged.id),
    state: { ...(rowOf(enlarged.id).state as object), items: 7 },
  });
  const [noLine, noPayload] = ['e1'.repeat(16), 'e2'.repeat(16)];
  const model = keptOf(pick(6).line);
  await writeKept('f1'.repeat(32), {
    ...model,
    payload: { ...model.payload, id: noLine, objects: [{ id: noLine, prevHead: null }] },
  });
  await writeState(noLine, { ...rowOf(pick(6).id), head: 'f1'.repeat(32) });
  await writeState(noPayload, rowOf(pick(7).id));
  const unasked = await provideUnasked();

  const { findings, objects } = await auditAs(data.regulator);
  // With one that is as it should be, a thousand.
  await provideOne();
  expect((await auditAs(provider)).objects).toBe(1000);
  expect(objects).toBe(999);
  const whys = Object.fromEntries(findings.map(({ id, why }) => [id, why]));
  expect(findings).toHaveLength(7);
  expect(whys).toEqual({
    ...{ [changed.id]: 'digest', [swapped.id]: 'digest', [counted.id]: 'items', [enlarged.id]: 'state' },
    ...{ [noLine]: 'no_line', [noPayload]: 'no_line', [unasked.id]: 'consent_required' },
  });
}, 120_000);

describe('an audit', () => {
  it('is for the party itself and for who oversees the channel', async () => {
    await expect(auditAs(data.platform)).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(auditAs(data.parties[1])).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('names the line of a record that is gone, and takes what was erased as erased', async () => {
    const [hidden, erased] = [await provideOne(), await provideOne()];
    await provider.store.transact((writer) => writer.delete(TABLES.payload, fromHex(hidden.line)));
    await provider.host.erase({ line: erased.line, actor: did(provider) });
    const { findings, erased: count } = await auditAs(provider);
    expect(findings.filter(({ why }) => why === 'record_missing')).toEqual([
      { id: null, line: hidden.line, why: 'record_missing' },
    ]);
    expect(findings.map(({ id }) => id)).not.toContain(erased.id);
    expect(count).toBe(1);
  });
});
