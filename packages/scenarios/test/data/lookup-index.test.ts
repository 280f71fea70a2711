import { encodeCbor } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { objectKey, TABLES } from '../../src/host/store/tables.ts';
import { record } from '../../src/kinds/record.ts';
import { shape } from '../../src/module/shapes.ts';
import { did, type Node } from '../host/world.ts';
import { chainOf, consented, type DataWorld, OTHER_PERSON, openDataWorld, provided } from './data-world.ts';

const CHANNEL = chainOf(0);
const ME = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);

let data: DataWorld;
let provider: Node;
beforeAll(async () => {
  data = await openDataWorld();
  provider = data.parties[0];
});

const objectsOf = async (subject: string, asker = provider) =>
  (await provider.host.answerLookup({ channel: CHANNEL, subject }, { actor: did(asker) })).objects.map(
    ({ module, id }) => [module, id],
  );

describe('what is about a person', () => {
  it('is found by index: what is about others is not opened, whatever state it is in', async () => {
    const { platform } = data;
    const mine = await consented({ channel: CHANNEL, subject: ME, provider, recipient: platform });
    const given = await provided(provider, CHANNEL, mine, platform);
    const person = OTHER_PERSON;
    const others = await consented({
      channel: CHANNEL,
      subject: OTHER,
      provider,
      recipient: platform,
      person,
    });
    const toOthers = await provided(provider, CHANNEL, others, platform);
    const found = [
      ['data.consent', mine],
      ['data.provision', given.id],
    ];
    expect(await objectsOf(ME)).toEqual(found);
    const broken = encodeCbor([0, new Uint8Array(40)]);
    for (const [module, id] of [
      ['data.consent', others],
      ['data.provision', toOthers.id],
    ] as const)
      await provider.store.transact((writer) =>
        writer.put(TABLES.object, objectKey(CHANNEL, module, id), broken),
      );
    await expect(objectsOf(OTHER)).rejects.toMatchObject({ code: 'vault_damaged' });
    expect(await objectsOf(ME)).toEqual(found);
    expect(await objectsOf(ME, data.regulator)).toEqual(found);
    expect(await objectsOf('ef'.repeat(16))).toEqual([]);
  });

  it('is found in a module only by an index that the module declares', () => {
    const declaration = {
      ...{ name: 'test.about', version: '1', summary: { 'zh-CN': '', en: '' } },
      ...{ head: shape({}), item: shape({}), subjectOf: () => undefined },
    };
    expect(() => record(declaration)).toThrow('subjectOf without its index');
    expect(() => record({ ...declaration, about: { index: 'person' } })).toThrow(
      'subjectOf without its index',
    );
  });
});
