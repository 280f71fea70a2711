import { describe, expect, it } from 'vitest';
import { type ListingArgs, listing } from '../../src/kinds/listing-query.ts';
import type { JsonObject, Reader, Row } from '../../src/module/module.ts';

const GD = 'did:mno:gd';
const HN = 'did:mno:hn';
const reader: Reader = {
  ...{ channel: 'main', party: GD, actor: GD, roles: [], time: 100 },
  holds: () => undefined,
};

type Page = {
  readonly total: number;
  readonly statuses: JsonObject;
  readonly rows: readonly { readonly id: string; readonly about: JsonObject }[];
  readonly next: ListingArgs['after'] | null;
};

const idOf = (i: number): string => i.toString(16).padStart(32, '0');
const row = (i: number, change: object = {}): Row<never> => ({
  id: idOf(i),
  state: { status: 'open', parties: [GD], begun: 1, changed: i, erased: 0, ...change } as never,
});
const list = (rows: readonly Row<never>[], args: Partial<ListingArgs> = {}): Page =>
  listing.run({ rows, args: { limit: 2, ...args }, reader, find: () => [], rowsOf: () => [] }) as never;

describe('the list that every kind has', () => {
  it('shows what changed last first, page by page, and each object once', () => {
    const rows = [row(1), row(2, { changed: 5 }), row(3, { changed: 5 }), row(4), row(5, { changed: 2 })];
    const seen: string[] = [];
    let after: ListingArgs['after'] | null | undefined;
    do {
      const page = list(rows, after ? { after } : {});
      seen.push(...page.rows.map(({ id }) => id));
      expect(page.total).toBe(5);
      after = page.next;
    } while (after);
    expect(seen).toEqual([2, 3, 4, 5, 1].map(idOf));
  });

  it('takes one status and one party, and counts the statuses of all that the party takes part in', () => {
    const rows = [row(1), row(2, { status: 'closed' }), row(3, { parties: [GD, HN] })];
    expect(list(rows, { status: 'closed' })).toMatchObject({ total: 1, statuses: { closed: 1, open: 2 } });
    expect(list(rows, { party: HN })).toMatchObject({ total: 1, statuses: { open: 1 }, next: null });
  });

  it.each([
    [{ facts: { vendor: 'V1', serial: 'S-1', level: 1, place: { latitude: '1' }, note: 'x'.repeat(81) } }],
    [{ versions: [{ body: { vendor: 'old' } }, { body: { vendor: 'V1', serial: 'S-1', level: 1 } }] }],
    [{ agreed: [], pending: { terms: { vendor: 'V1', serial: 'S-1', level: 1 }, by: GD } }],
    [{ head: { vendor: 'V1', serial: 'S-1', level: 1 } }],
    [{ scope: { vendor: 'V1', serial: 'S-1', level: 1, data: ['a'] } }],
  ])('says in short values what an object is about: %j', (content) => {
    const [shown] = list([row(1, content)]).rows;
    expect(shown?.about).toEqual({ vendor: 'V1', serial: 'S-1', level: 1 });
  });

  it('shows first by what somebody knows an object again', () => {
    const [shown] = list([
      row(1, { facts: { batch: 'B1', city: 'A', serial: 'S-1', type: 'BS', vendor: 'V1' } }),
    ]).rows;
    expect(Object.keys(shown?.about ?? {})).toEqual(['vendor', 'serial', 'type', 'batch']);
  });

  it('is the same for however many rows in whatever order', () => {
    const rows = Array.from({ length: 500 }, (_, i) => row((i * 7919) % 500));
    expect(list(rows, { limit: 3 })).toMatchObject({
      total: 500,
      rows: [499, 498, 497].map((i) => ({ id: idOf(i) })),
      next: { changed: 497, id: idOf(497) },
    });
  });

  it('says of an account whose it is and what is on it, and of what nothing is known nothing', () => {
    expect(list([row(1, { holder: GD, balance: '1.00' })]).rows[0]?.about).toEqual({
      holder: GD,
      balance: '1.00',
    });
    expect(list([row(1, { head: null, agreed: [] })]).rows[0]?.about).toEqual({});
  });
});
