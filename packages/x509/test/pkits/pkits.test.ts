import { describe, expect, it } from 'vitest';
import { PKITS_CASES } from './cases.ts';
import { EXCEPTIONS, needsRevocationLists } from './exceptions.ts';
import { missing, validateCase } from './suite.ts';

const refusal = expect.objectContaining({ name: 'AppError' });
const applicable = PKITS_CASES.filter(({ id }) => !(id in EXCEPTIONS) && !needsRevocationLists(id));

describe.skipIf(missing)('NIST PKITS, each path found among all CA certificates of the suite', () => {
  it.each(applicable.filter((test) => test.valid))('$id is valid: $leaf', (test) => {
    expect(validateCase(test).certificates.length).toBeGreaterThan(0);
  });

  it.each(applicable.filter((test) => !test.valid))('$id is refused: $leaf', (test) => {
    expect(() => validateCase(test)).toThrow(refusal);
  });

  it.each(Object.entries(EXCEPTIONS))(
    '%s is answered otherwise, as the list of exceptions says',
    (id, { code }) => {
      const test = PKITS_CASES.find((one) => one.id === id);
      expect(() => test && validateCase(test)).toThrow(expect.objectContaining({ name: 'AppError', code }));
    },
  );
});
