import { DEVICE_MODULES, describeModule, type Module, ROAMING_MODULES } from '@attestel/scenarios';
import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../src/console/model/flags.ts';
import { dataOf, fieldsOf, isAbout, prefilled } from '../../src/console/model/form.ts';
import { labelsOf } from '../../src/console/model/labels.ts';
import { nameOf, namesOf } from '../../src/console/model/names.ts';
import { readable } from '../../src/console/model/readable.ts';
import { byScenario, moduleNamed } from '../../src/console/model/scenarios.ts';
import type { ConsoleModule } from '../../src/index.ts';

const modules = [...DEVICE_MODULES, ...ROAMING_MODULES].map((module) => {
  const { name, version, summary, commands, events, queries } = module as unknown as Module;
  return {
    ...{ id: `${name}@${version}`, name, version, summary, digest: '' },
    ...{ commands, events, queries: Object.keys(queries) },
  } as unknown as ConsoleModule;
});
const named = (name: string): ConsoleModule => moduleNamed(modules, name) as ConsoleModule;
const schemaOf = (module: string, command: string) => named(module).commands[command]?.schema ?? {};

describe('what values are read as', () => {
  it.each([
    ['status', 'open', { as: 'text', text: 'open' }],
    ['count', 1_800_000_000, { as: 'text', text: '1800000000' }],
    ['until', 1_800_000_000, { as: 'time', seconds: 1_800_000_000 }],
    ['from', 12, { as: 'text', text: '12' }],
    ['party', 'did:mno:demo:abc', { as: 'party', did: 'did:mno:demo:abc' }],
    ['party', 'did:mno:demo:abc <b>', { as: 'text', text: 'did:mno:demo:abc <b>' }],
    ['photo', 'ab'.repeat(32), { as: 'digest', hex: 'ab'.repeat(32) }],
    ['parties', '*', { as: 'everyone' }],
    ['note', '', { as: 'nothing' }],
    ['end', null, { as: 'nothing' }],
    ['stays', [], { as: 'nothing' }],
    ['flags', {}, { as: 'nothing' }],
    ['clean', false, { as: 'truth', isTrue: false }],
  ] as const)('%s %j', (name, value, shown) => {
    expect(readable(name, value as never)).toEqual(shown);
  });

  it('names what a module says about its fields, in the reader’s language', () => {
    const [en, zh] = [labelsOf(named('device.item'), 'en'), labelsOf(named('device.item'), 'zh-CN')];
    expect([en.get('vendor'), zh.get('vendor')]).toEqual(['Vendor', '厂商']);
    expect(describeModule(DEVICE_MODULES[2] as unknown as Module, 'en')).toContain('Vendor');
  });

  it('calls an organisation by its name, and who is unknown by both ends of the DID', () => {
    const names = namesOf([{ did: 'did:mno:a', name: { en: 'A', 'zh-CN': '甲' } }]);
    expect(nameOf(names, 'did:mno:a', 'zh-CN')).toBe('甲');
    const long = `did:key:z${'6'.repeat(40)}abcdefgh`;
    expect(nameOf(names, long, 'en')).toBe('did:key:z66666…abcdefgh');
    expect(nameOf(names, 'did:mno:b', 'en')).toBe('did:mno:b');
  });

  it('puts modules under their scenarios, those of others last', () => {
    const other = { ...named('device.item'), name: 'rail.car', id: 'rail.car@1' };
    expect(byScenario([other, ...modules]).map(([scenario]) => scenario)).toEqual([
      'device',
      'roaming',
      'rail',
    ]);
  });
});

describe('flags of a line', () => {
  it('stand at the place of their item in the batch', () => {
    const data = { first: 40, flagged: [{ item: 41, flags: ['R1', 'R4'] }] };
    expect(flagsOf({ events: [{ type: 'submitted', data }] })).toEqual(new Map([[1, ['R1', 'R4']]]));
  });

  it.each([[{}], [{ first: 0, flagged: [null, 3, { item: 'x' }, { item: 1, flags: [2] }] }]])(
    'are none in %j',
    (data) => {
      expect(flagsOf({ events: [{ type: 'submitted', data: data as never }] })).toEqual(new Map());
    },
  );
});

describe('forms of commands', () => {
  it('ask for each parameter by its kind', () => {
    const fields = fieldsOf(schemaOf('device.fault', 'open'));
    expect(fields.map(({ name, as, isRequired }) => [name, as, isRequired])).toEqual([
      ['category', 'choice', true],
      ['facts', 'json', true],
      ['evidence', 'json', false],
      ['parties', 'json', false],
    ]);
  });

  it('make parameters of what was typed, and leave out what is empty and need not be there', () => {
    const fields = fieldsOf(schemaOf('roaming.statement', 'sign'));
    expect(dataOf(fields, { version: '3' })).toEqual({ data: { version: 3 } });
    expect(dataOf(fields, { version: 'three' })).toEqual({ mistake: { name: 'version', is: 'number' } });
    const opening = fieldsOf(schemaOf('device.fault', 'open'));
    expect(dataOf(opening, { category: 'fault', facts: '{"a":1}' })).toEqual({
      data: { category: 'fault', facts: { a: 1 } },
    });
    expect(dataOf(opening, { category: 'fault', facts: '{' })).toEqual({
      mistake: { name: 'facts', is: 'json' },
    });
  });

  it('begin with the version that is to be signed, and with the document that is to be acknowledged', () => {
    const state = { pending: { version: 4 }, latest: 2 };
    expect(prefilled(fieldsOf(schemaOf('roaming.statement', 'sign')), { id: 'x', state })).toEqual({
      version: '4',
    });
    const acknowledging = fieldsOf(schemaOf('roaming.ir21', 'acknowledge'));
    expect(prefilled(acknowledging, { id: 'x', state: { latest: 2 } })).toEqual({
      document: 'x',
      version: '2',
    });
    expect(prefilled(acknowledging, { id: 'x', state: null })).toEqual({ document: 'x' });
  });

  it('are there for what moves the object, or is about it', () => {
    const { commands } = named('roaming.ir21');
    const offered = Object.entries(commands).filter(([, command]) => isAbout(command));
    expect(offered.map(([name]) => name).sort()).toEqual([
      'acknowledge',
      'configure',
      'supersede',
      'withdraw',
    ]);
  });
});
