import { isAppError } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { PKITS_CASES, type PkitsCase } from './cases.ts';
import { EXCEPTIONS, REFUSALS } from './exceptions.ts';
import { missing, validateCase } from './suite.ts';

const applicable = PKITS_CASES.filter(({ id }) => !(id in EXCEPTIONS));
const sectionOf = (id: string): string => id.split('.').slice(0, 2).join('.');

function codeOf(test: PkitsCase): string {
  try {
    validateCase(test);
    return 'valid';
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
}

describe.skipIf(missing)(
  'NIST PKITS, each path found among all CA certificates and lists of the suite',
  () => {
    it.each(applicable.filter((test) => test.valid))('$id is valid: $leaf', (test) => {
      expect(codeOf(test)).toBe('valid');
    });

    it.each(applicable.filter((test) => !test.valid))('$id is refused for its reason: $leaf', (test) => {
      expect(codeOf(test)).toMatch(REFUSALS[sectionOf(test.id)] as RegExp);
    });

    it.each(PKITS_CASES.filter(({ id }) => id in EXCEPTIONS))('$id does not apply: $leaf', (test) => {
      expect(codeOf(test)).toBe(EXCEPTIONS[test.id]?.code);
    });

    it('has every case once', () => {
      expect(new Set(PKITS_CASES.map(({ id }) => id)).size).toBe(247);
      expect(Object.keys(EXCEPTIONS).every((id) => PKITS_CASES.some((test) => test.id === id))).toBe(true);
    });
  },
);
