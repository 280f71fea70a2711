import { describe, expect, it } from 'vitest';
import { ROAMING_MODULES } from '../../src/roaming/index.ts';
import { diffIr21 } from '../../src/roaming/ir21/diff-ir21.ts';
import { readIr21 } from '../../src/roaming/ir21/read-ir21.ts';
import { resultOf } from '../../src/roaming/modules/check-statement.ts';
import { SAMPLE_OPERATORS } from '../../src/roaming/sample/operators.ts';
import { sampleRoaming } from '../../src/roaming/sample/sample-roaming.ts';
import { compareUsage } from '../../src/roaming/settlement/discrepancy.ts';
import { Play } from '../harness/play.ts';
import { at } from './roaming-play.ts';

describe('sampleRoaming', () => {
  const sample = sampleRoaming({ seed: '20261122' });

  it('gives the same bytes for the same seed, and others for another', () => {
    expect(JSON.stringify(sampleRoaming({ seed: '20261122' }))).toBe(JSON.stringify(sample));
    expect(JSON.stringify(sampleRoaming({ seed: '1' }))).not.toBe(JSON.stringify(sample));
  });

  it('has as many differing rows as it says', () => {
    const differing = sample.usage.map(({ owner, partner, items }) => {
      const other = sample.usage.find((one) => one.owner === partner && one.partner === owner);
      return compareUsage(items, other?.items ?? []).differing;
    });
    expect(sample.differing).toBeGreaterThan(0);
    expect(differing.reduce((sum, count) => sum + count, 0)).toBe(2 * sample.differing);
  });

  it('its sheets differ in one section', () => {
    for (const { ir21 } of sample.operators) {
      const [first, second] = ir21.map(readIr21);
      if (!first || !second) throw new Error('two sheets');
      expect(diffIr21(first, second)).toMatchObject([{ section: 'dataRouting', effective: '2026-12-15' }]);
    }
  });

  it('is taken by the modules as it stands, up to the statements of a year', () => {
    const play = new Play(ROAMING_MODULES, { time: at('2025-10-01T00:00:00Z') });
    const run = (module: string, command: string, as: string, data: unknown, id?: string) =>
      play.run({ module, command, as, data: data as never, ...(id && { id }) }).id;
    for (const { did, tadig, party, ir21 } of sample.operators) {
      play.hold({ subject: did, type: 'Operator', claims: { tadig: [tadig] } });
      run('roaming.party', 'publish', did, { body: party });
      const [first = '', second = ''] = ir21;
      const id = run('roaming.ir21', 'publish', did, { body: readIr21(first) });
      run('roaming.ir21', 'supersede', did, { body: readIr21(second) }, id);
    }
    const tariffs = sample.tariffs.map(({ parties, terms }) => {
      const [a = '', b = ''] = parties;
      const id = run('roaming.iot', 'propose', a, { parties: [b], terms, validFrom: '2026-01-01T00:00:00Z' });
      run('roaming.iot', 'sign', b, { version: 1 }, id);
      return { id, parties };
    });
    play.time = at('2027-01-05T00:00:00Z');
    const records = sample.usage.map(({ owner, partner, items }) => ({
      parties: [owner, partner].sort().join(),
      id: run('roaming.usage', 'submit', owner, { head: { partner }, items, to: [partner] }),
    }));
    for (const { sender, recipient, files } of sample.tap) {
      let id: string | undefined;
      for (const file of files)
        id = run('roaming.tap', 'submit', sender, { ...file, ...(id ? {} : { to: [recipient] }) }, id);
    }
    for (const { id, parties } of tariffs) {
      const inputs = {
        tariff: { id, version: 1 },
        usage: records.filter((record) => record.parties === parties.join()).map((record) => record.id),
        periods: { from: '202601', to: '202612' },
        closing: true,
        credits: [],
      };
      const result = resultOf(inputs, { parties, read: (module, name) => play.state(module, name) });
      const [a = '', b = ''] = parties;
      const statement = run('roaming.statement', 'propose', a, {
        parties: [b],
        terms: { ...inputs, result },
      });
      run('roaming.statement', 'sign', b, { version: 1 }, statement);
      expect(result.directions.every(({ lines }) => lines.length === 4)).toBe(true);
    }
    expect(play.ids('roaming.statement')).toHaveLength(SAMPLE_OPERATORS.length);
  });
});
