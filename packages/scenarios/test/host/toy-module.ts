import { fail } from '../../src/errors.ts';
import { EVERYONE, type JsonSchema, type Module } from '../../src/module/module.ts';

export interface Toy {
  readonly serial: string;
  readonly movers: readonly string[];
  readonly texts: readonly string[];
  readonly sum: number;
}

const closed = (
  properties: { [name: string]: JsonSchema },
  required = Object.keys(properties),
): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const text: JsonSchema = { type: 'string', maxLength: 200 };
const dids: JsonSchema = { type: 'array', items: text };
const said = (en: string) => ({ 'zh-CN': en, en });
const mine = (state: Toy | undefined, party: string): boolean => state?.movers.includes(party) ?? false;

type Data = { [name: string]: never } & {
  serial: string;
  text: string;
  slot: string;
  with: readonly string[];
  other: string;
  items: readonly { v: number }[];
};
interface Request {
  readonly state: Toy | undefined;
  readonly data: Data;
  readonly context: {
    readonly party: string;
    readonly time: number;
    read(module: string, id: string): unknown;
  };
}
const allow = ({ state, context }: Request): boolean => mine(state, context.party);
const partiesOf = ({ state, context }: Request): readonly string[] => state?.movers ?? [context.party];

/** One of everything that a module can do. */
export const toyModule = (change: Partial<Module<Toy>> = {}): Module => {
  const toy: Module<Toy> = {
    name: 'test.toy',
    version: '1',
    summary: said('a toy'),
    execution: ['private', 'shared'],
    commands: {
      register: {
        summary: said('begins'),
        schema: closed({ serial: text, with: dids, inner: closed({ note: text }) }, ['serial']),
        on: 'new',
        allow: () => true,
        decide: ({ data }: Request) => [
          {
            type: 'registered',
            data: { serial: data.serial, with: data.with ?? [] },
            parties: data.with ?? [],
            unique: [data.serial],
          },
        ],
      },
      note: {
        summary: said('adds a text'),
        schema: closed({ text }),
        on: 'existing',
        delegates: ['Clerk'],
        allow,
        decide(request: Request) {
          if (request.data.text === 'refuse') throw fail('conflict');
          return [{ type: 'noted', data: { text: request.data.text }, parties: partiesOf(request) }];
        },
      },
      invite: {
        summary: said('adds movers'),
        schema: closed({ with: dids }),
        on: 'existing',
        allow,
        decide: (request: Request) => [
          {
            type: 'invited',
            data: { with: request.data.with },
            parties: [...partiesOf(request), ...request.data.with],
          },
        ],
      },
      publish: {
        summary: said('tells every member'),
        schema: closed({ text }),
        on: 'existing',
        allow,
        decide: ({ data }: Request) => [{ type: 'noted', data: { text: data.text }, parties: [EVERYONE] }],
      },
      book: {
        summary: said('takes a slot'),
        schema: closed({ slot: text }),
        on: 'existing',
        allow,
        decide: (request: Request) => [
          {
            type: 'noted',
            data: { text: request.data.slot },
            parties: partiesOf(request),
            hold: [request.data.slot],
          },
        ],
      },
      free: {
        summary: said('frees a slot'),
        schema: closed({ slot: text }),
        on: 'existing',
        allow,
        decide: (request: Request) => [
          { type: 'noted', data: { text: '' }, parties: partiesOf(request), release: [request.data.slot] },
        ],
      },
      join: {
        summary: said('notes in two at once'),
        schema: closed({ other: text }),
        on: 'existing',
        objects: (data: Data) => [data.other],
        allow,
        decide: (request: Request) => [
          { type: 'noted', data: { text: 'joined' }, parties: partiesOf(request) },
          {
            type: 'noted',
            object: request.data.other,
            data: { text: 'joined' },
            parties: partiesOf(request),
          },
        ],
      },
      quote: {
        summary: said('notes the first text of another'),
        schema: closed({ other: text }),
        on: 'existing',
        reads: ({ data }: Pick<Request, 'data'>) => [{ module: 'test.toy', id: data.other }],
        allow,
        decide(request: Request) {
          const seen = request.context.read('test.toy', request.data.other) as Toy | undefined;
          return [{ type: 'noted', data: { text: seen?.serial ?? '' }, parties: partiesOf(request) }];
        },
      },
      measure: {
        summary: said('adds up'),
        schema: closed({ items: { type: 'array', items: closed({ v: { type: 'integer' } }) } }),
        on: 'existing',
        allow,
        decide: (request: Request) => [
          {
            type: 'measured',
            data: { sum: request.data.items.reduce((sum, { v }) => sum + v, 0) },
            parties: partiesOf(request),
          },
        ],
      },
    } as unknown as Module<Toy>['commands'],
    events: {
      registered: closed({ serial: text, with: dids }),
      noted: closed({ text }),
      invited: closed({ with: dids }),
      measured: closed({ sum: { type: 'integer' } }),
    },
    queries: {
      serials: {
        summary: said('serial numbers'),
        schema: closed({}),
        run: ({ rows }) => Array.from(rows, ({ state }) => (state as Toy).serial).sort(),
      },
    },
    credentials: {},
    gives: [],
    evolve(state, event) {
      const { movers = [], texts = [], serial = '', sum = 0 } = state ?? {};
      const data = event.data as unknown as Data & { sum: number };
      const grown = { serial, movers, texts, sum };
      if (event.type === 'registered')
        return { serial: data.serial, movers: [event.party, ...data.with], texts, sum };
      if (event.type === 'noted') return { ...grown, texts: [...texts, data.text] };
      if (event.type === 'invited') return { ...grown, movers: [...movers, ...data.with] };
      if (event.type === 'measured') return { ...grown, sum: sum + data.sum };
      return { ...grown, movers: movers.length > 0 ? movers : [event.party], texts: [...texts, '(erased)'] };
    },
    visible: (state, { party }) => state.movers.includes(party),
    movers: ({ movers }) => movers,
    ...change,
  };
  return toy as unknown as Module;
};
