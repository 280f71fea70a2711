import { fail } from '../../errors.ts';
import { type DocumentState, document } from '../../kinds/document.ts';
import { versionAt } from '../../kinds/document-queries.ts';
import { instantOf, instantText } from '../../module/instant.ts';
import type { Context, JsonObject, Query } from '../../module/module.ts';
import { INSTANT, integer, list, oneOf, prose, SHA256, said, shape, text } from '../../module/shapes.ts';
import { dcatCatalogOf } from '../catalogue/dcat.ts';
import { DATA_MANAGER } from '../credentials.ts';

export interface Distribution extends JsonObject {
  readonly mediaType: string;
  readonly byteSize: number;
  /** SHA-256, hex. */
  readonly checksum: string;
}

export interface DataSet extends JsonObject {
  readonly title: string;
  readonly description: string;
  readonly publisher: string;
  readonly theme: readonly string[];
  readonly accrualPeriodicity: string;
  readonly spatial: string;
  readonly temporal: { readonly from: string; readonly until: string };
  readonly grade: number;
  readonly category: string;
  /** The words by which its owner claims it; whoever has the same data later has to object. */
  readonly right: string;
  readonly distribution: Distribution;
  /** De-identified; shown to everybody who searches. */
  readonly sample: Distribution;
}

const DISTRIBUTION = shape({
  mediaType: { type: 'string', pattern: '^[a-z]+/[a-z0-9.+-]{1,80}$' },
  byteSize: integer(0, Number.MAX_SAFE_INTEGER),
  checksum: SHA256,
});

/** EU frequency codes, as DCAT catalogues use them. */
const FREQUENCIES = ['CONT', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'ANNUAL', 'IRREG', 'NEVER'];

/** The catalogue: what there is, whose it is, how it is graded; the data itself stays where it is [DA-1, DA-2, DA-5]. */
export const dataSet = document<DataSet>({
  name: 'data.set',
  version: '1',
  summary: { 'zh-CN': '数据目录与权属登记', en: 'The catalogue of data, and who claims it' },
  credentials: DATA_MANAGER,
  delegates: { publish: ['DataManager'], supersede: ['DataManager'], withdraw: ['DataManager'] },
  body: shape({
    title: said(text(200), { 'zh-CN': '标题', en: 'Title' }),
    description: said(prose(4000), { 'zh-CN': '描述', en: 'Description' }),
    publisher: said(text(200), { 'zh-CN': '发布方', en: 'Publisher' }),
    theme: said(list(text(64), 8, 1), { 'zh-CN': '主题', en: 'Themes' }),
    accrualPeriodicity: said(oneOf(...FREQUENCIES), { 'zh-CN': '更新频率', en: 'How often it is updated' }),
    spatial: said(text(100), { 'zh-CN': '地域', en: 'Where it is about' }),
    temporal: said(shape({ from: INSTANT, until: INSTANT }), { 'zh-CN': '时间范围', en: 'When it is about' }),
    grade: said(integer(1, 4), { 'zh-CN': '分级', en: 'Grade' }),
    category: said(text(64), { 'zh-CN': '分类', en: 'Category' }),
    right: said(prose(2000), { 'zh-CN': '权属声明', en: 'Claim of ownership' }),
    distribution: said(DISTRIBUTION, { 'zh-CN': '数据', en: 'The data' }),
    sample: said(DISTRIBUTION, { 'zh-CN': '脱敏样例', en: 'A de-identified sample' }),
  }),
  // The first claim on the same bytes wins; a later one is a dispute between people.
  unique: ({ distribution }) => [`claim|${distribution.checksum}`],
  check: ({ body: { temporal } }) => {
    const [from, until] = [
      instantOf(temporal.from, '/body/temporal/from'),
      instantOf(temporal.until, '/body/temporal/until'),
    ];
    if (until <= from) throw fail('out_of_range', { field: '/body/temporal/until' });
  },
  may: { publish: byManager, supersede: byManager, withdraw: byManager },
  queries: { catalog: catalog() },
});

/** What is published now, for whoever harvests catalogues. */
function catalog(): Query<DocumentState<DataSet>, { readonly url: string }> {
  return {
    summary: { 'zh-CN': '数据目录（DCAT 3，JSON-LD）', en: 'The catalogue as DCAT 3 in JSON-LD' },
    schema: shape({
      url: said(
        { type: 'string', maxLength: 500, pattern: '^https?://[^\\s?#]+[^/\\s?#]$' },
        { 'zh-CN': '目录地址', en: 'Address of the catalogue; sets are below it' },
      ),
    }),
    run: ({ rows, args, reader }) => {
      const listed = [...rows].flatMap(({ id, state }) => {
        const version = versionAt(state, reader.time);
        if (!version) return [];
        const issued = instantText(version.from);
        return [{ id, publisher: state.publisher, set: version.body, issued }];
      });
      return dcatCatalogOf(args.url, reader.channel, listed);
    },
  };
}

/** Two signatures: the node's on the line, and that of a manager, who is a person and not the node. */
function byManager({ context }: { readonly context: Context }): boolean {
  const { actor, party } = context;
  return actor !== party && context.holds('DataManager', { owner: party }) !== undefined;
}
