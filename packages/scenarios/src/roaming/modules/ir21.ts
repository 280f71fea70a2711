import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { type DocumentState, document } from '../../kinds/document.ts';
import { instantOf } from '../../module/instant.ts';
import type { Command, JsonSchema, Query, Recorded } from '../../module/module.ts';
import { DID, INSTANT, integer, list, OBJECT_ID, shape, text } from '../../module/shapes.ts';
import { OPERATOR, ownsCodes } from '../credentials.ts';
import { changesOf, configurationAt, type SheetVersion } from '../ir21/configuration.ts';
import { diffIr21 } from '../ir21/diff-ir21.ts';
import { IR21, type Ir21 } from '../ir21/normal-form.ts';
import { TADIG_CODE } from '../tadig.ts';

type State = DocumentState<Ir21> & {
  /** Of a confirmation: what the party has put into its network elements. */
  readonly configured?: Confirmation;
};

type Confirmation = {
  readonly document: string;
  readonly version: number;
  readonly network: string;
  readonly section: string;
};

const NAME = 'roaming.ir21';
const VERSION = integer(1, 1_000_000);
const CONFIRMATION = shape({
  document: OBJECT_ID,
  version: VERSION,
  network: TADIG_CODE,
  section: text(128),
});

const SHEET_AND_PARTNERS: JsonSchema = shape({ document: OBJECT_ID, from: list(DID, 1000) });

const codesOf = ({ sender, networks }: Ir21): readonly string[] => [
  sender,
  ...networks.map(({ tadig }) => tadig),
];

const isOwner = ({ data, context }: { data: unknown; context: Parameters<typeof ownsCodes>[0] }): boolean =>
  ownsCodes(context, codesOf((data as { body: Ir21 }).body));

const sheetsOf = ({ versions }: State): readonly SheetVersion[] =>
  versions.map(({ body, from }) => ({ sheet: body, from }));

/** A partner says that it has configured a section: not before the section's time. */
const configure: Command<State, Confirmation> = {
  summary: { 'zh-CN': '确认已按时配置某一节', en: 'Confirms that a section is configured' },
  schema: CONFIRMATION,
  on: 'new',
  reads: ({ data }) => [{ module: NAME, id: data.document }],
  allow: () => true,
  decide: ({ data, context }) => {
    const sheet = context.read(NAME, data.document) as State | undefined;
    if (!sheet || sheet.of || sheet.configured) throw fail('not_found', { field: '/document' });
    const change = changesOf(sheetsOf(sheet)).find(
      ({ version, network, section }) =>
        sheet.versions[version]?.version === data.version &&
        network === data.network &&
        section === data.section,
    );
    if (!change) throw fail('not_found', { field: '/section' });
    if (change.at > context.time) throw fail('conflict', { field: '/section', extra: { from: change.at } });
    const { document, version, network, section } = data;
    const unique = ['configured', document, version, network, section, context.party].join('|');
    return [
      {
        type: 'configured',
        data,
        parties: [sheet.publisher, context.party],
        unique: [unique],
      },
    ];
  },
};

/** RAEX IR.21 in its normal form; `readIr21` makes it of the XML. */
export const roamingIr21 = document<Ir21>({
  name: NAME,
  version: '1.0.0',
  summary: { 'zh-CN': '网络信息 IR.21', en: 'Network information IR.21' },
  body: IR21,
  keep: 10,
  credentials: OPERATOR,
  may: { publish: isOwner, supersede: isOwner },
  unique: ({ sender }) => [`ir21|${sender}`],
  check: ({ body, state }) => {
    const before = state?.versions.at(-1)?.body;
    if (before && before.sender !== body.sender) throw fail('conflict', { field: '/body/sender' });
  },
  own: {
    commands: { configure: configure as Command<DocumentState<Ir21>, never> },
    events: { configured: CONFIRMATION },
    evolve: (state, event: Recorded) =>
      ({ ...state, configured: event.data as Confirmation }) as DocumentState<Ir21>,
  },
  queries: { changes: changes(), configuration: configuration(), late: late() },
});

function changes(): Query<State, { readonly document: string; readonly version: number }> {
  return {
    summary: { 'zh-CN': '某一版本改了什么、何时生效', en: 'What a version changes, and from when on' },
    schema: shape({ document: OBJECT_ID, version: VERSION }),
    run: ({ rows, args }) => {
      const { versions } = sheetIn(rows, args.document);
      const index = versions.findIndex(({ version }) => version === args.version);
      const [before, after] = [versions[index - 1]?.body, versions[index]?.body];
      if (!before || !after) throw fail('not_found', { field: '/version' });
      return diffIr21(before, after) as unknown as JsonValue;
    },
  };
}

function configuration(): Query<State, { readonly document: string; readonly at: string }> {
  return {
    summary: {
      'zh-CN': '某时应有的网络配置，已到期与未到期的变更',
      en: 'What network elements have to hold at a time, with changes done and pending',
    },
    schema: shape({ document: OBJECT_ID, at: INSTANT }),
    run: ({ rows, args, reader }) => {
      const all = [...rows];
      const sheet = sheetIn(all, args.document);
      const confirmed = all.flatMap(({ state: { configured, publisher } }) =>
        configured?.document === args.document && publisher === reader.party ? [configured] : [],
      );
      const held = configurationAt(sheetsOf(sheet), instantOf(args.at, '/at'));
      const named = (change: (typeof held.done)[number]) => ({
        ...change,
        version: sheet.versions[change.version]?.version ?? 0,
      });
      const done = held.done.map(named).map((change) => ({
        ...change,
        confirmed: confirmed.some(
          ({ version, network, section }) =>
            version === change.version && network === change.network && section === change.section,
        ),
      }));
      return { ...held, done, pending: held.pending.map(named) } as unknown as JsonValue;
    },
  };
}

function late(): Query<State, { readonly document: string; readonly from: readonly string[] }> {
  return {
    summary: {
      'zh-CN': '尚未确认最新版本的伙伴',
      en: 'Partners that have not acknowledged the newest version',
    },
    schema: SHEET_AND_PARTNERS,
    run: ({ rows, args }) => {
      const all = [...rows];
      const { latest } = sheetIn(all, args.document);
      const done = all.flatMap(({ state: { of, publisher } }) =>
        of?.document === args.document && of.version === latest ? [publisher] : [],
      );
      return { version: latest, late: args.from.filter((partner) => !done.includes(partner)) };
    },
  };
}

/** @throws AppError not_found */
function sheetIn(rows: Iterable<{ readonly id: string; readonly state: State }>, id: string): State {
  for (const row of rows) if (row.id === id && !row.state.of && !row.state.configured) return row.state;
  throw fail('not_found', { field: '/document' });
}
