import {
  type CommandRequest,
  EVERYONE,
  type JsonObject,
  type JsonSchema,
  type Module,
  type ModuleEvent,
  type Reader,
  type Recorded,
  type Row,
} from '../../module/module.ts';
import {
  DID,
  integer,
  list,
  nullable,
  OBJECT_ID,
  oneOf,
  SHA256,
  said,
  shape,
  text,
} from '../../module/shapes.ts';

/** What regulators and auditors read of what is not theirs. */
export const ACCESS_MODULE = 'host.access';

/** Organisations that one record is told to by name; where there are more, every member is. */
export const MAX_TOLD = 63;

/** What was read, and by whom. */
export type Access = {
  /** Organisation that read. */
  readonly reader: string;
  /** Who acted for it: itself, or a person or agent. */
  readonly actor: string;
  readonly module: string;
  /** Object; null for a query, whose answer many made up. */
  readonly object: string | null;
  /** Line whose payload was read; null for the object itself. */
  readonly line: string | null;
  /** Query, or `audit` and `lookup` of the host. */
  readonly query: string | null;
};

export interface AccessState extends Access {
  readonly status: 'recorded' | 'unknown';
  /** Organisation at whose node it was read. */
  readonly by: string;
  /** Unix seconds. */
  readonly time: number;
  readonly parties: readonly string[];
}

type Data = Access & { readonly parties: readonly string[] };

const ACCESS: { readonly [field: string]: JsonSchema } = {
  reader: said(DID, { 'zh-CN': '读取方', en: 'Organisation that read' }),
  actor: said(DID, { 'zh-CN': '经办', en: 'Who acted for it' }),
  module: said(text(128), { 'zh-CN': '模块', en: 'Module' }),
  object: nullable(OBJECT_ID),
  line: nullable(SHA256),
  query: nullable(text(64)),
};

/** Records of reading. Only the host writes them, in the name of the party whose node was asked. */
export function accessModule(): Module<AccessState> {
  return {
    name: ACCESS_MODULE,
    version: '1',
    summary: { 'zh-CN': '监管与审计读取记录', en: 'What regulators and auditors have read' },
    execution: ['private'],
    commands: {
      record: {
        summary: { 'zh-CN': '记录一次读取', en: 'Record that something was read' },
        schema: shape({
          ...ACCESS,
          parties: list({ anyOf: [DID, oneOf(EVERYONE)] }, MAX_TOLD, 1),
        }),
        on: 'new',
        byHost: true,
        allow: ({ context }) => context.actor === context.party,
        decide: ({ data }: CommandRequest<AccessState, Data>): readonly ModuleEvent[] => {
          const { parties, ...access } = data;
          return [{ type: 'read', data: access, parties }];
        },
      },
    },
    events: { read: shape(ACCESS) },
    queries: {
      reads: {
        summary: { 'zh-CN': '谁读过，最近的在前', en: 'Who has read, newest first' },
        schema: shape(
          {
            object: said(OBJECT_ID, { 'zh-CN': '对象', en: 'Object' }),
            module: said(text(128), { 'zh-CN': '模块', en: 'Module' }),
            limit: said(integer(1, 1000), { 'zh-CN': '条数', en: 'At most' }),
          },
          ['object', 'module'],
        ),
        run: ({ rows, args }: { rows: Iterable<Row<AccessState>>; args: ReadsArgs }) => readsOf(rows, args),
      },
    },
    credentials: {},
    gives: [],
    evolve,
    visible: ({ reader, parties }: AccessState, { party }: Reader) =>
      reader === party || parties.includes(party) || parties.includes(EVERYONE),
    movers: ({ by }) => [by],
  };
}

interface ReadsArgs {
  readonly object?: string;
  readonly module?: string;
  readonly limit: number;
}

/** An answer to a query may have shown any object of the module. */
function readsOf(rows: Iterable<Row<AccessState>>, { object, module, limit }: ReadsArgs): JsonObject[] {
  return [...rows]
    .filter(({ state }) => module === undefined || state.module === module)
    .filter(({ state }) => object === undefined || state.object === object || state.query !== null)
    .sort((a, b) => b.state.time - a.state.time || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id, state: { parties: _, ...state } }) => ({ id, ...state }) as unknown as JsonObject);
}

function evolve(state: AccessState | undefined, event: Recorded): AccessState {
  if (event.type !== 'read') return state ?? { ...NOTHING, by: event.party, time: event.time };
  const parties = [...new Set([event.party, ...event.parties])];
  return { ...(event.data as Access), status: 'recorded', by: event.party, time: event.time, parties };
}

/** What is left where the payload is gone. */
const NOTHING: Omit<AccessState, 'by' | 'time'> = {
  ...{ status: 'unknown', reader: '', actor: '', module: '' },
  ...{ object: null, line: null, query: null, parties: [] },
};
