import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/module/module.ts';
import type { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { BUYER, type DataPlay, hex, MANAGER, OWNER, SET, STRANGER, startDataPlay } from './data-play.ts';
import { dcatFaults } from './dcat-rules.ts';

let play: Play;
let run: DataPlay['run'];
let publish: DataPlay['publish'];
beforeEach(() => {
  ({ play, run, publish } = startDataPlay());
});

const URL = 'https://node.example/v1/contracts/data.set@1/gd';
const catalog = (as = BUYER): JsonObject => play.query('data.set', 'catalog', { as, args: { url: URL } });

describe('catalogue', () => {
  it('takes no data that is about a time which ends before it begins', () => {
    const temporal = { from: SET.temporal.until, until: SET.temporal.from };
    expect(refusalOf(() => publish({ ...SET, temporal }))).toBe('out_of_range /body/temporal/until');
  });

  it('[D1] takes a data set with the signatures of manager and node, and not with one of them', () => {
    // The node alone; the manager through a node that is not the owner's; somebody who is no manager.
    expect(refusalOf(() => run('set', 'publish', OWNER, { body: SET }))).toBe('permission_denied');
    expect(refusalOf(() => run('set', 'publish', BUYER, { body: SET }, { by: MANAGER }))).toBe(
      'permission_denied',
    );
    expect(refusalOf(() => publish(SET, STRANGER))).toBe('permission_denied');
    expect(play.ids('data.set')).toEqual([]);
    expect(publish()).toMatch(/^[0-9a-f]{32}$/);
  });

  it('keeps the first claim on the same bytes [DA-2]', () => {
    publish();
    expect(refusalOf(() => publish({ ...SET, title: 'Mine too' }))).toBe('already_exists');
  });

  it('keeps the first claim also where a later version makes the second one [DA-2]', () => {
    publish();
    const mine = { ...SET, distribution: { ...SET.distribution, checksum: hex('ab') } };
    const id = publish(mine);
    const supersede = (set: object) =>
      refusalOf(() => run('set', 'supersede', OWNER, { body: set }, { id, by: MANAGER }));
    expect(supersede(SET)).toBe('already_exists');
    expect(supersede({ ...mine, title: 'The same bytes, better described' })).toBe('done');
  });

  it('[D1] is exported as DCAT 3, and follows the properties of DCAT-AP', () => {
    const first = publish();
    publish({ ...SET, title: 'Another', distribution: { ...SET.distribution, checksum: hex('ab') } });
    const exported = catalog();
    expect(dcatFaults(exported)).toEqual([]);
    const sets = exported['dcat:dataset'] as readonly JsonObject[];
    expect(sets).toHaveLength(2);
    expect(sets.find((one) => one['dct:identifier'] === first)).toMatchObject({
      ...{ '@id': `${URL}/${first}`, 'dct:title': SET.title, 'dcat:keyword': ['mobility'] },
      'dct:publisher': { '@id': OWNER, 'foaf:name': 'Owner' },
      'dct:accessRights': { 'rdfs:label': SET.right },
      'dcat:distribution': {
        'dcat:byteSize': { '@value': '1000' },
        'spdx:checksum': { 'spdx:checksumValue': { '@value': hex('aa') } },
      },
    });
  });

  it.each<[string, (set: Record<string, unknown>) => void]>([
    ['has no title', (set) => delete set['dct:title']],
    [
      'has no address of its data',
      (set) => delete (set['dcat:distribution'] as JsonObject & Record<string, unknown>)['dcat:accessURL'],
    ],
    [
      'has a text where a statement of rights belongs',
      (set) => Object.assign(set, { 'dct:accessRights': 'mine' }),
    ],
    ['has a property that is not declared', (set) => Object.assign(set, { 'dct:colour': 'red' })],
    ['has a theme that is no concept', (set) => Object.assign(set, { 'dct:type': 'mobility' })],
    [
      'has a day for a date and time',
      (set) => Object.assign(set, { 'dct:issued': { '@type': 'xsd:dateTime', '@value': '2026-11-22' } }),
    ],
  ])('is found at fault by the same rules where it %s', (_, spoil) => {
    publish();
    const exported = structuredClone(catalog()) as Record<string, unknown>;
    spoil((exported['dcat:dataset'] as Record<string, unknown>[])[0] as Record<string, unknown>);
    expect(dcatFaults(exported as JsonObject)).toHaveLength(1);
  });

  it('leaves out what was withdrawn', () => {
    const id = publish();
    run('set', 'withdraw', OWNER, {}, { id, by: MANAGER });
    expect(catalog()['dcat:dataset']).toEqual([]);
    expect(dcatFaults(catalog())).toEqual([]);
  });
});
