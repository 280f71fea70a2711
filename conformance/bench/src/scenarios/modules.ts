import {
  type AssetState,
  asset,
  DECIMAL,
  type Module,
  type Query,
  record,
  shape,
  text,
} from '@attestel/scenarios';

type Facts = { readonly serial: string; readonly site: string };
type Reading = { readonly sensor: string; readonly value: string };

/** What operators register most: one object a thing, with a serial number that is taken for ever. */
export const thing = asset<Facts>({
  name: 'bench.thing',
  version: '1',
  summary: { en: 'Things', 'zh-CN': '物' },
  facts: shape({ serial: text(64), site: text(64) }),
  initial: 'stored',
  table: { stored: ['used', 'retired'], used: ['stored'], retired: [] },
  unique: ({ serial }) => [serial],
  indexes: { serial: ({ facts }) => facts.serial, site: ({ facts }) => facts.site },
  queries: {
    bySerial: {
      summary: { en: 'The thing with a serial number', 'zh-CN': '按序列号' },
      schema: shape({ serial: text(64) }),
      by: ['serial'],
      run: ({ rows }) => Array.from(rows, ({ id }) => id),
    } satisfies Query<AssetState<Facts>, never>,
    atSite: {
      summary: { en: 'Things at a site', 'zh-CN': '某站点的物' },
      schema: shape({ site: text(64) }),
      by: ['site'],
      paged: true,
      run: ({ rows }) => Array.from(rows, ({ id, state }) => ({ id, serial: state.facts.serial })),
    } satisfies Query<AssetState<Facts>, never>,
  },
}) as unknown as Module;

/** Readings by the ten thousand, each flagged by thresholds. */
export const readings = record<{ readonly site: string }, Reading>({
  name: 'bench.readings',
  version: '1',
  summary: { en: 'Readings', 'zh-CN': '读数' },
  head: shape({ site: text(64) }),
  item: shape({ sensor: text(64), value: DECIMAL }),
  flags: { above: { en: 'Above the threshold', 'zh-CN': '高于阈值' } },
  rules:
    () =>
    ({ value }) =>
      value.length > 4 ? ['above'] : [],
}) as unknown as Module;
