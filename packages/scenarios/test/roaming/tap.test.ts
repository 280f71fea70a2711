import { describe, expect, it } from 'vitest';
import { validatorOf } from '../../src/module/schemas.ts';
import { checkSequence, sequenceAfter } from '../../src/roaming/tap/sequence.ts';
import {
  checkTap,
  TAP_HEAD,
  TAP_NOTIFICATION,
  type TapHead,
  type TapRow,
} from '../../src/roaming/tap/summary.ts';
import { TAP_FILE, TAP_NOTHING, TAP_ROWS } from './tap-file.ts';

const withTotal = (totalCharge: number): TapHead => ({
  ...TAP_FILE,
  auditControlInfo: { ...TAP_FILE.auditControlInfo, totalCharge },
});

describe('TAP summaries', () => {
  it('[R10] a total must be the sum of its rows: 30,012, not 30,013', () => {
    validatorOf(TAP_HEAD)(TAP_FILE);
    expect(() => checkTap(TAP_FILE, TAP_ROWS)).not.toThrow();
    expect(() => checkTap(withTotal(30_013), TAP_ROWS)).toThrow(
      expect.objectContaining({
        code: 'totals_differ',
        kind: 'bad-input',
        field: '/head/auditControlInfo/totalCharge',
        extra: { sum: '30012' },
      }),
    );
  });

  it('sums beyond what a double holds exactly', () => {
    const charge = 999_999_999_999_999;
    const rows = ['MTC', 'MOC Local', 'MOC EU', 'MOC EEA', 'MOC ROW', 'MOC Premium', 'MOC Satellite']
      .concat('MOC International', 'MOC Back Home', 'MOC Special Destinations')
      .map((service) => ({ service, usage: '1', unit: 'min', charge }));
    expect(() => checkTap(withTotal(1), rows)).toThrow(
      expect.objectContaining({ extra: { sum: '9999999999999990' } }),
    );
  });

  it('[R10] an empty file is a Notification', () => {
    validatorOf(TAP_NOTIFICATION)(TAP_NOTHING);
    expect(() => checkTap(TAP_NOTHING, [])).not.toThrow();
    expect(() => checkTap(TAP_NOTHING, TAP_ROWS)).toThrow(expect.objectContaining({ field: '/items' }));
    expect(() => checkTap(withTotal(0), [])).toThrow(expect.objectContaining({ field: '/items' }));
  });

  it.each<[string, Partial<TapHead>]>([
    ['/head/fileAvailableTimeStamp', { fileAvailableTimeStamp: '2026-11-19T02:00:00+09:00' }],
    ['/head/fileSequenceNumber', { fileSequenceNumber: '00000' }],
    ['/head/recipient', { recipient: 'JPNXX' }],
    ['/head/exchangeRate', { exchangeRate: '-0.1' }],
  ])('refuses %s', (field, changed) => {
    expect(() => checkTap({ ...TAP_FILE, ...changed }, TAP_ROWS)).toThrow(
      expect.objectContaining({ kind: 'bad-input', field }),
    );
  });

  it.each<[string, readonly TapRow[]]>([
    ['/items/0/unit', [{ service: 'GPRS', usage: '1', unit: 'min', charge: 30_012 }]],
    ['/items/0/usage', [{ service: 'GPRS', usage: '-1', unit: 'MB', charge: 30_012 }]],
    ['/items/2/service', [...TAP_ROWS, ...TAP_ROWS]],
  ])('refuses %s', (field, rows) => {
    expect(() => checkTap(TAP_FILE, rows)).toThrow(expect.objectContaining({ kind: 'bad-input', field }));
  });
});

describe('sequence of files', () => {
  it('[R10] 44 after 42 names 43; 42 again is a repetition', () => {
    expect(() => checkSequence('00042', '00043')).not.toThrow();
    expect(() => checkSequence('00042', '00044')).toThrow(
      expect.objectContaining({ code: 'sequence_gap', kind: 'conflict', extra: { missing: '00043' } }),
    );
    expect(() => checkSequence('00042', '00042')).toThrow(
      expect.objectContaining({ code: 'sequence_repeated', kind: 'conflict', extra: { last: '00042' } }),
    );
    expect(() => checkSequence('00042', '00041')).toThrow(
      expect.objectContaining({ code: 'sequence_repeated' }),
    );
  });

  it('goes on with 00001 after 99999', () => {
    expect(sequenceAfter('99999')).toBe('00001');
    expect(() => checkSequence('99999', '00001')).not.toThrow();
    expect(() => checkSequence('99999', '00002')).toThrow(
      expect.objectContaining({ code: 'sequence_gap', extra: { missing: '00001' } }),
    );
    expect(() => checkSequence('00001', '99999')).toThrow(
      expect.objectContaining({ code: 'sequence_repeated' }),
    );
    expect(() => checkSequence(null, '00042')).not.toThrow();
  });
});
