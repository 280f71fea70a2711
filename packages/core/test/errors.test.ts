import { describe, expect, test } from 'vitest';
import { AppError, type ErrorKind, EXIT_CODES, errorsOf, isAppError } from '../src/index.ts';

const fail = errorsOf({
  token_expired: { kind: 'denied', message: 'the token has expired', wire: 'invalid_token' },
  head_moved: { kind: 'conflict', message: 'is not the last operation' },
});

describe('error kinds', () => {
  // Architecture §6: exit codes 0 done, 2 bad input, 3 denied, 4 conflict, 5 not found, 6 proof failed.
  const expected: [ErrorKind, number, number][] = [
    ['bad-input', 400, 2],
    ['unauthenticated', 401, 3],
    ['denied', 403, 3],
    ['not-found', 404, 5],
    ['conflict', 409, 4],
    ['gone', 410, 4],
    ['too-large', 413, 2],
    ['proof-failed', 422, 6],
    ['too-many', 429, 1],
    ['internal', 500, 1],
    ['unsupported', 501, 2],
    ['unavailable', 503, 1],
  ];

  test.each(expected)('%s is HTTP %d and exit code %d', (kind, status, exitCode) => {
    const error = new AppError('x', { kind, message: 'm' });
    expect([error.status, error.exitCode]).toEqual([status, exitCode]);
  });

  test('the table above names every kind', () => {
    expect(expected.map(([kind]) => kind).sort()).toEqual(Object.keys(EXIT_CODES).sort());
  });
});

describe('AppError', () => {
  test('carries code, wire code, cause and extra members', () => {
    const cause = new Error('inner');
    const error = fail('head_moved', { cause, extra: { head: 'abc' }, detail: 'for the log' });
    expect(error).toMatchObject({ code: 'head_moved', wire: undefined, extra: { head: 'abc' }, cause });
    expect(fail('token_expired').wire).toBe('invalid_token');
  });

  test('its message names the field and the rule, never the detail', () => {
    const error = fail('head_moved', { field: '/previous', detail: 'secret' });
    expect(error.message).toBe('/previous: is not the last operation');
    expect(String(error)).not.toContain('secret');
  });

  test('isAppError tells it from other errors', () => {
    expect(isAppError(fail('token_expired'))).toBe(true);
    expect(isAppError(new TypeError('x'))).toBe(false);
    expect(isAppError(undefined)).toBe(false);
  });
});
