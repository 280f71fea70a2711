import { fail } from '../errors.ts';
import {
  type Command,
  type Context,
  EVERYONE,
  type JsonObject,
  type JsonSchema,
  type Module,
  type ModuleEvent,
} from '../module/module.ts';
import { assemble } from './assemble.ts';
import { type Common, type Declaration, partiesOf } from './declaration.ts';
import { documentEvents, evolveDocument, unknownDocument } from './document-events.ts';
import { documentQueries } from './document-queries.ts';
import { type AcknowledgeData, documentSchemas, type PublishData } from './document-schemas.ts';
import { type Effect, effectOf } from './effect.ts';
import { tell } from './tell.ts';

export type DocumentVersion<B = JsonObject> = Effect & {
  readonly version: number;
  readonly body: B;
  /** Time of its line, unix seconds. */
  readonly published: number;
};

/** A document, or the acknowledgement of one: an object of its own, so that 700 partners do not queue for one head. */
export type DocumentState<B = JsonObject> = Common & {
  readonly status: 'published' | 'withdrawn' | 'acknowledged' | 'unknown';
  /** Who publishes, or who acknowledges. */
  readonly publisher: string;
  /** The newest ones, in order of publication: of those that have begun, the last is in force. */
  readonly versions: readonly DocumentVersion<B>[];
  /** Number of the newest version; of an acknowledgement, 0. */
  readonly latest: number;
  readonly end: { readonly from: number; readonly reason: string | null } | null;
  /** What this acknowledges. */
  readonly of: { readonly document: string; readonly version: number } | null;
};

export interface DocumentOf<B extends JsonObject> extends Declaration<DocumentState<B>> {
  readonly body: JsonSchema;
  /** Rules about the body beside its schema. Throws AppErrors whose field begins with `/body`. */
  check?(input: DocumentInput<B>): void;
  /** Seconds at least between publication and effect, and between withdrawal and end. Default 0. */
  readonly notice?: number;
  /** `everyone`: every member of the channel. `listed`: who the command names. Default `everyone`. */
  readonly audience?: 'everyone' | 'listed';
  /** Whether readers acknowledge versions. Default true. */
  readonly acknowledged?: boolean;
  /** Versions whose bodies stay in the state; older ones are in the lines. Default 20. */
  readonly keep?: number;
  /**
   * Keys that no other document of the channel may ever have, such as a TADIG code: taken by the first version that has
   * them. One that none of the kept versions has any more stays taken, also for the document itself.
   */
  unique?(body: B): readonly string[];
}

export interface DocumentInput<B> extends Effect {
  readonly body: B;
  readonly context: Context;
  readonly state: DocumentState<B> | undefined;
}

type State<B> = DocumentState<B>;

/** One publisher, versions, effective dates. A draft stays with its author: nothing of it is on the ledger. */
export function document<B extends JsonObject = JsonObject>(
  declaration: DocumentOf<B>,
): Module<DocumentState<B>> {
  const commands = commandsOf(declaration);
  const { acknowledge, ...rest } = commands;
  return assemble(declaration, {
    commands: declaration.acknowledged === false ? rest : { ...rest, acknowledge },
    events: documentEvents(declaration.body),
    queries: documentQueries<B>(),
    indexes: { document: ({ of }) => of?.document },
    unknown: unknownDocument,
    evolve: (state, event) => evolveDocument(state, event, declaration.keep ?? 20),
    movers: ({ publisher }) => [publisher],
  });
}

function commandsOf<B extends JsonObject>(declaration: DocumentOf<B>) {
  const schemas = documentSchemas(declaration.body, declaration.audience ?? 'everyone');
  const publish: Command<State<B>, PublishData<B>> = {
    ...schemas.publish,
    on: 'new',
    allow: () => true,
    decide: (request) => [published(declaration, { ...request, state: undefined })],
  };
  const supersede: Command<State<B>, PublishData<B>> = {
    ...schemas.supersede,
    on: 'existing',
    allow: isPublisher,
    decide: (request) => {
      if (request.state?.status !== 'published') throw fail('conflict');
      return [published(declaration, request)];
    },
  };
  const withdraw: Command<State<B>, { readonly validFrom?: string; readonly reason?: string }> = {
    ...schemas.withdraw,
    on: 'existing',
    allow: isPublisher,
    decide: ({ state, data, context }) => {
      if (state?.status !== 'published') throw fail('conflict');
      const { from } = effectOf(data, context, declaration.notice ?? 0);
      const { reason } = data;
      return [
        tell(state, { type: 'withdrawn', data: { from, ...(reason === undefined ? {} : { reason }) } }),
      ];
    },
  };
  return { publish, supersede, withdraw, acknowledge: acknowledgeOf(declaration, schemas.acknowledge) };
}

function acknowledgeOf<B extends JsonObject>(
  { name }: DocumentOf<B>,
  described: ReturnType<typeof documentSchemas>['acknowledge'],
): Command<State<B>, AcknowledgeData> {
  return {
    ...described,
    on: 'new',
    reads: ({ data }) => [{ module: name, id: data.document }],
    allow: ({ data, context }) => {
      const read = context.read(name, data.document) as State<B> | undefined;
      return !read || read.parties.includes(EVERYONE) || read.parties.includes(context.party);
    },
    decide: ({ data, context }) => {
      const read = context.read(name, data.document) as State<B> | undefined;
      if (!read || read.of) throw fail('not_found', { field: '/document' });
      if (data.version > read.latest) throw fail('not_found', { field: '/version' });
      const unique = [`acknowledged|${data.document}|${data.version}|${context.party}`];
      const { document, version } = data;
      return [
        {
          type: 'acknowledged',
          data: { document, version },
          parties: [read.publisher, context.party],
          unique,
        },
      ];
    },
  };
}

const isPublisher = <B>({ state, context }: { state: State<B> | undefined; context: Context }): boolean =>
  state !== undefined && state.of === null && state.publisher === context.party;

function published<B extends JsonObject>(
  declaration: DocumentOf<B>,
  { state, data, context }: Publication<B>,
): ModuleEvent {
  const { body } = data;
  const effect = effectOf(data, context, declaration.notice ?? 0);
  declaration.check?.({ body, context, state, ...effect });
  const isListed = declaration.audience === 'listed';
  const also = isListed ? [context.party, ...(data.audience ?? [])] : [EVERYONE];
  const event = { version: (state?.latest ?? 0) + 1, body, ...effect, published: context.time };
  const unique = newKeys(declaration, state, body);
  return tell(state, {
    type: 'published',
    data: event as unknown as JsonObject,
    also: partiesOf(...also),
    ...(unique.length > 0 ? { unique } : {}),
  });
}

interface Publication<B> {
  readonly state: State<B> | undefined;
  readonly data: PublishData<B>;
  readonly context: Context;
}

/** Keys that no version of the document has so far: a key is claimed once, by whichever version says it first. */
function newKeys<B extends JsonObject>(
  { unique }: DocumentOf<B>,
  state: State<B> | undefined,
  body: B,
): readonly string[] {
  const own = new Set(state?.versions.flatMap((version) => unique?.(version.body) ?? []));
  return (unique?.(body) ?? []).filter((key) => !own.has(key));
}
