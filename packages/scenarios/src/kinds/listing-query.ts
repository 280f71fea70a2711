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
    const mine = [...rows].filter(({ state }) => party === undefined || state.parties.includes(party));
    const found = mine.filter(({ state }) => status === undefined || state.status === status);
    const rest = found.sort(newestFirst).filter((row) => after === undefined || isBehind(row, after));
    const page = rest.slice(0, limit);
    const last = rest.length > limit ? page.at(-1) : undefined;
    return {
      total: found.length,
      statuses: countsOf(mine),
      rows: page.map(rowOf),
      next: last ? { changed: last.state.changed, id: last.id } : null,
    };
  },
};

const newestFirst = (a: Row<Common>, b: Row<Common>): number =>
  b.state.changed - a.state.changed || (a.id < b.id ? -1 : 1);

const isBehind = ({ id, state: { changed } }: Row<Common>, after: Place): boolean =>
  changed < after.changed || (changed === after.changed && id > after.id);

function countsOf(rows: readonly Row<Common>[]): JsonObject {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state.status, (counts.get(state.status) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const rowOf = ({ id, state }: Row<Common>): JsonObject => {
  const { status, parties, begun, changed, erased } = state;
  return { id, status, parties, begun, changed, erased, about: aboutOf(state) };
};

/** Where the kinds keep what an object is about; the newest comes first. */
const CONTENTS = ['facts', 'pending', 'agreed', 'versions', 'head', 'scope'] as const;
const FIELDS = 4;
const LENGTH = 80;

/** A few short values of what the object is about, by their names: enough to tell it from others. */
function aboutOf(state: Common): JsonObject {
  const parts = state as unknown as JsonObject;
  const content = CONTENTS.map((name) => contentOf(parts[name])).find((found) => found !== undefined);
  const values = Object.entries({ ...content, ...accountOf(parts) }).filter(([, value]) => isShort(value));
  return Object.fromEntries(values.slice(0, FIELDS));
}

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
