import { describe, expect, it } from 'vitest';
import { fail } from '../../src/errors.ts';
import { agreement } from '../../src/kinds/agreement.ts';
import { instantOf } from '../../src/module/instant.ts';
import type { JsonObject } from '../../src/module/module.ts';
import { integer, said, shape, text } from '../../src/module/shapes.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';

// A room is lent from one organisation to another. Written after specs/scenarios.md, "A module of your own".
type Loan = { readonly room: string; readonly seats: number };

const roomLoan = agreement<Loan>({
  name: 'toy.room',
  version: '1.0.0',
  summary: { 'zh-CN': '会议室借用', en: 'A room is lent' },
  terms: shape({
    room: said(text(32), { 'zh-CN': '房间', en: 'Room' }),
    seats: said(integer(1, 500), { 'zh-CN': '座位数', en: 'Seats' }),
  }),
  size: { min: 2, max: 2 },
  notice: { effect: 3600 },
  may: { propose: ({ context }) => context.holds('Landlord') !== undefined },
  check: ({ terms, context }) => {
    const { most } = context.holds('Landlord') as { readonly most: number };
    if (terms.seats > most) throw fail('out_of_range', { field: '/terms/seats' });
  },
  // While it is lent, nobody else gets that room.
  holds: ({ terms }) => [terms.room],
  credentials: {
    Landlord: { schema: shape({ most: integer(1, 500) }), trust: { by: 'governor' } },
    RoomKey: { schema: shape({ room: text(32) }), trust: { by: 'module', module: 'toy.room' } },
  },
  gives: [
    {
      type: 'RoomKey',
      on: 'agreed',
      revokedOn: ['terminated'],
      to: ({ agreed, parties }) => {
        const body = agreed.at(-1);
        const subject = parties.find((party) => party !== body?.by);
        return body && subject ? [{ subject, claims: { room: body.terms.room }, until: body.until }] : [];
      },
    },
  ],
});

const OWNER = 'did:mno:owner';
const GUEST = 'did:mno:guest';

describe('a module of your own', () => {
  const play = new Play([roomLoan], { time: instantOf('2026-11-22T08:00:00Z', '/') });
  const run = (command: string, as: string, data: JsonObject, id?: string) =>
    play.run({ module: 'toy.room', command, as, data, ...(id === undefined ? {} : { id }) });
  const lend = (seats: number, as = OWNER) =>
    run('propose', as, { parties: [GUEST], terms: { room: 'blue', seats } }).id;

  it('lends to who signs, for whom the credential opens the door until the end', () => {
    expect(refusalOf(() => lend(8))).toBe('permission_denied');
    play.hold({ subject: OWNER, type: 'Landlord', claims: { most: 10 } });
    expect(refusalOf(() => lend(11))).toBe('out_of_range /terms/seats');
    const [id, second] = [lend(8), lend(9)];
    expect(play.reader(GUEST).holds('RoomKey')).toBeUndefined();
    run('sign', GUEST, { version: 1 }, id);
    expect(play.reader(GUEST).holds('RoomKey', { room: 'blue' })).toEqual({ room: 'blue' });
    expect(refusalOf(() => run('sign', GUEST, { version: 1 }, second))).toBe('already_exists');
    run('terminate', OWNER, {}, id);
    expect(play.reader(GUEST).holds('RoomKey')).toBeUndefined();
  });
});
