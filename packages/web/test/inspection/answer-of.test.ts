import { describe, expect, it } from 'vitest';
import { sentOf } from '../../src/inspection/field/answer-of.ts';
import type { Visit } from '../../src/inspection/field/queue.ts';

const BATCH = [{}, {}] as unknown as readonly Visit[];
const sent = (status: number, body: unknown) => sentOf({ status, body }, BATCH);
const LINE = 'ab'.repeat(32);
const done = (data: unknown) => ({ line: LINE, events: [{ type: 'submitted', data }] });

describe('the answer to a batch', () => {
  it('tells the flags of each visit, whose numbers go on over all batches', () => {
    const body = done({
      first: 7,
      flagged: [
        { item: 8, flags: ['R2', 'R5'] },
        { item: 3, flags: ['R1'] },
      ],
    });
    expect(sent(200, body)).toEqual({ kind: 'taken', flags: [[], ['R2', 'R5']], line: LINE });
  });

  it.each([
    ['says nothing', {}],
    ['has no event', { line: LINE, events: [] }],
    ['has no flags', done({ first: 0 })],
    ['is no object', null],
  ])('that %s leaves open whether it arrived', (_, body) => {
    expect(sent(201, body)).toEqual({ kind: 'unanswered', code: 'answer_unreadable' });
  });

  it.each([
    [400, 'invalid_argument', '/items/1/form/lamp', 1, '/form/lamp'],
    [403, 'permission_denied', '/items/0/device', 0, '/device'],
    [400, 'out_of_range', '/items/0/time', 0, '/time'],
    [404, 'not_found', '/items/1/device', 1, '/device'],
    [403, 'permission_denied', '', null, ''],
    [404, 'not_found', '/head/template', null, '/head/template'],
    [409, 'conflict', '/head/template', null, '/head/template'],
    [409, 'conflict', '', null, ''],
    [400, 'invalid_argument', '/items/9/device', null, '/device'],
  ])('refuses: %i %s %s', (status, code, field, item, within) => {
    const refusal = { code, field: within };
    expect(sent(status, { code, field })).toEqual({ kind: 'refused', item, refusal });
  });

  it.each([
    [409, 'already_exists'],
    [409, 'conflict'],
  ])('says that the number is another: %i %s', (status, code) => {
    expect(sent(status, { code, field: '/head' })).toEqual({ kind: 'repeated' });
  });

  it.each([
    [503, 'payload_missing', ''],
    [500, null, ''],
    [502, null, ''],
    [401, 'token_expired', ''],
    [429, 'too_many', ''],
    [409, 'disputed', ''],
    [404, 'module_unknown', ''],
    [403, null, ''],
  ])('says nothing about the visits: %i %s', (status, code, field) => {
    expect(sent(status, code ? { code, field } : '<html>').kind).toBe('unanswered');
  });
});
