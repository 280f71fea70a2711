import { pkiErrors } from '@attestel/pki';
import { x509Errors } from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { refusalText } from '../../src/pki/refusal-texts.ts';
import { rejectedTable } from '../../src/pki/rejected-table.ts';

describe('texts of refused certificates', () => {
  it.each([...Object.keys(x509Errors), ...Object.keys(pkiErrors)])(
    '%s has a meaning and somebody to mend it',
    (code) => {
      const { meaning, mend } = refusalText(code);
      const known = { ...x509Errors, ...pkiErrors } as Record<string, { message: string }>;
      expect(meaning).toBe(known[code]?.message);
      expect(mend.length).toBeGreaterThan(20);
    },
  );

  it('are shown once a rule, the most frequent first', () => {
    const table = rejectedTable([
      { file: 'a.crt', code: 'pki_lifetime' },
      { file: 'b.crt', code: 'pki_key_taken' },
      { file: 'c.crt', code: 'pki_key_taken' },
    ]);
    expect(table.map((line) => line.trim().split(/ {2}|:/)[0])).toEqual([
      '2',
      expect.stringContaining('makes a new key'),
      'b.crt',
      'c.crt',
      '1',
      expect.any(String),
      'a.crt',
    ]);
  });
});
