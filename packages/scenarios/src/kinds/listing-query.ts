import type { JsonValue } from '@attestel/core';
import type { JsonObject, Query, Row } from '../module/module.ts';
import { DID, integer, OBJECT_ID, SECONDS, said, shape, text } from '../module/shapes.ts';
import type { Common } from './declaration.ts';

/** Where a page ends: the next one begins after it. */
export interface Place {
  readonly changed: number;
  readonly id: string;
}

export interface ListingArgs {
  readonly status?: string;
  readonly party?: string;
  readonly after?: Place;
  readonly limit: number;
}

/** Objects whose last line is newest first: what a list shows of each, and how many there are of each status. */
export const listing: Query<Common, ListingArgs> = {
  summary: { 'zh-CN': '对象列表，最近变更的在前', en: 'Objects, those that changed last first' },
  schema: shape(
    {
      status: said(text(64), { 'zh-CN': '状态', en: 'Status' }),
      party: said(DID, { 'zh-CN': '参与方', en: 'Organisation that takes part' }),
      after: said(shape({ changed: SECONDS, id: OBJECT_ID }), {
        'zh-CN': '上一页的末尾',
        en: 'Where the page before ended',
      }),
      limit: said(integer(1, 200), { 'zh-CN': '条数', en: 'At most' }),
    },
    ['status', 'party', 'after'],
  ),
  run: ({ rows, args }) => {
    const { status, party, after, limit } = args;
    const statuses = new Map<string, number>();
    const newest = keepNewest(limit + 1);
    for (const row of rows) {
      if (party !== undefined && !row.state.parties.includes(party)) continue;
      statuses.set(row.state.status, (statuses.get(row.state.status) ?? 0) + 1);
      const isAsked = status === undefined || row.state.status === status;
      if (isAsked && (after === undefined || isBehind(row, after))) newest.add(row);
    }
    const found = newest.all();
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const counted = [...statuses].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      total: status === undefined ? sum([...statuses.values()]) : (statuses.get(status) ?? 0),
      statuses: Object.fromEntries(counted),
      rows: page.map(rowOf),
      next: last ? { changed: last.state.changed, id: last.id } : null,
    };
  },
};

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** The first of all that were added, in their order; however many those are, few are held at a time. */
function keepNewest(count: number) {
  let held: Row<Common>[] = [];
  const cut = (): void => {
    held = held.sort(newestFirst).slice(0, count);
  };
  return {
    add(row: Row<Common>): void {
      held.push(row);
      if (held.length > 4 * count) cut();
    },
    all(): readonly Row<Common>[] {
      cut();
      return held;
    },
  };
}

const newestFirst = (a: Row<Common>, b: Row<Common>): number =>
  b.state.changed - a.state.changed || (a.id < b.id ? -1 : 1);

const isBehind = ({ id, state: { changed } }: Row<Common>, after: Place): boolean =>
  changed < after.changed || (changed === after.changed && id > after.id);

const rowOf = ({ id, state }: Row<Common>): JsonObject => {
  const { status, parties, begun, changed, erased } = state;
  return { id, status, parties, begun, changed, erased, about: aboutOf(state) };
};

/** Where the kinds keep what an object is about; the newest comes first. */
const CONTENTS = ['facts', 'pending', 'agreed', 'versions', 'head', 'scope'] as const;
/** By these somebody knows an object again; what else is short comes after them. */
const TELLING = ['title', 'name', 'vendor', 'serial', 'purpose', 'site', 'type', 'province', 'period'];
const FIELDS = 4;
const LENGTH = 80;

/** A few short values of what the object is about, by their names: enough to tell it from others. */
function aboutOf(state: Common): JsonObject {
  const parts = state as unknown as JsonObject;
  const content = CONTENTS.map((name) => contentOf(parts[name])).find((found) => found !== undefined);
  const values = Object.entries({ ...content, ...accountOf(parts) })
    .filter(([, value]) => isShort(value))
    .sort(([a], [b]) => rankOf(a) - rankOf(b));
  return Object.fromEntries(values.slice(0, FIELDS));
}

const rankOf = (name: string): number => (TELLING.includes(name) ? TELLING.indexOf(name) : TELLING.length);

/** Of a list of versions the last one; of a version its body or terms. */
function contentOf(value: JsonValue | undefined): JsonObject | undefined {
  const newest = (Array.isArray(value) ? value.at(-1) : value) as JsonValue | undefined;
  if (!isObject(newest)) return undefined;
  return [newest.body, newest.terms].find(isObject) ?? newest;
}

const accountOf = ({ holder, balance }: JsonObject): JsonObject =>
  typeof holder === 'string' && typeof balance === 'string' ? { holder, balance } : {};

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isShort = (value: JsonValue): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value.length > 0 && value.length <= LENGTH);
