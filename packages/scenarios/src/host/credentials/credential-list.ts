import type { JsonObject, Query, Row } from '../../module/module.ts';
import { DID, integer, OBJECT_ID, said, shape, text } from '../../module/shapes.ts';
import type { IssuedState } from './credential-module.ts';

interface ListArgs {
  readonly status?: string;
  readonly party?: string;
  readonly after?: Place;
  readonly limit: number;
}

interface Place {
  readonly type: string;
  readonly id: string;
}

/** Short claims that are shown of each. */
const CLAIMS = 3;
const LENGTH = 80;

/**
 * Credentials that the reader gave, keeps or holds, by type: what a list shows of each, as the kinds' list does. When they
 * were given their lines say.
 */
export const credentialList: Query<IssuedState, ListArgs> = {
  summary: {
    'zh-CN': '凭证列表：读者签发、保存或持有的',
    en: 'Credentials that the reader gave, keeps or holds',
  },
  schema: shape(
    {
      status: said(text(64), { 'zh-CN': '状态', en: 'Status' }),
      party: said(DID, { 'zh-CN': '参与方', en: 'Issuer, holder or keeper' }),
      after: said(shape({ type: text(64), id: OBJECT_ID }), {
        'zh-CN': '上一页的末尾',
        en: 'Where the page before ended',
      }),
      limit: said(integer(1, 200), { 'zh-CN': '条数', en: 'At most' }),
    },
    ['status', 'party', 'after'],
  ),
  run: ({ rows, args, reader }) => {
    const { status, party, after, limit } = args;
    const all = [...rows]
      .map((row) => rowOf(row, reader.time))
      .filter(({ parties }) => party === undefined || parties.includes(party));
    const asked = all.filter((row) => status === undefined || row.status === status).sort(byType);
    const found = after === undefined ? asked : asked.filter((row) => byType(row, placed(after)) > 0);
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      total: asked.length,
      statuses: countsOf(all.map((row) => row.status)),
      rows: found.slice(0, limit),
      next: last ? { type: last.about.type, id: last.id } : null,
    };
  },
};

const placed = ({ type, id }: Place) => ({ id, about: { type } });

function rowOf({ id, state }: Row<IssuedState>, time: number) {
  const { type, issuer, subject, keeper, claims, until } = state;
  const isOver = state.status === 'issued' && until !== null && until <= time;
  const short = Object.entries(claims).filter(
    ([name, value]) => name !== 'type' && typeof value === 'string' && value.length <= LENGTH,
  );
  const about = { ...Object.fromEntries(short.slice(0, CLAIMS)), subject, type };
  const parties = [...new Set([issuer, subject, keeper])].filter((did) => did !== '');
  return {
    ...{ id, status: isOver ? 'expired' : state.status, parties, begun: null, changed: null, erased: 0 },
    about: about satisfies JsonObject,
  };
}

type Placed = { readonly id: string; readonly about: { readonly type: string } };

const byType = (a: Placed, b: Placed): number => {
  if (a.about.type !== b.about.type) return a.about.type < b.about.type ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
};

function countsOf(statuses: readonly string[]): JsonObject {
  const names = [...new Set(statuses)].sort();
  return Object.fromEntries(names.map((name) => [name, statuses.filter((one) => one === name).length]));
}
