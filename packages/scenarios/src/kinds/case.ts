import { fail } from '../errors.ts';
import type {
  Command,
  CommandRequest,
  Context,
  JsonObject,
  JsonSchema,
  Module,
  Text,
} from '../module/module.ts';
import { assemble } from './assemble.ts';
import { caseEvents, evolveCase, unknownCase } from './case-events.ts';
import { caseQueries } from './case-queries.ts';
import { caseSchemas, type OpenCase, type Said } from './case-schemas.ts';
import type { Common, Declaration } from './declaration.ts';
import { tell } from './tell.ts';

export type Evidence = { readonly module: string; readonly id: string };

export type CaseStatus = 'open' | 'assigned' | 'inProgress' | 'resolved' | 'closed' | 'cancelled' | 'unknown';

export type CaseState<F = JsonObject> = Common & {
  readonly status: CaseStatus;
  readonly category: string;
  readonly facts: F;
  readonly opener: string;
  /** Organisation that handles it, and the person it named. */
  readonly assignee: string | null;
  readonly person: string | null;
  /** End of the SLA clock, unix seconds; null: the category has none. */
  readonly due: number | null;
  /** When it was first resolved since it was (re)opened. */
  readonly resolved: number | null;
  readonly closed: number | null;
  readonly level: number;
  readonly reopened: number;
  readonly comments: number;
  readonly evidence: readonly Evidence[];
  /** What was done about it. */
  readonly outcome: JsonObject | null;
};

export interface Category {
  readonly summary: Text;
  /** Seconds from opening to resolution. */
  readonly sla?: number;
}

export interface CaseOf<F extends JsonObject> extends Declaration<CaseState<F>> {
  readonly facts: JsonSchema;
  readonly categories: { readonly [category: string]: Category };
  /** Shorter or longer by the facts, such as a severity; default: what the category says. */
  sla?(input: { readonly category: string; readonly facts: F }): number | null;
  /** What a resolution says; default: nothing beside evidence. */
  readonly outcome?: JsonSchema;
  /** Rules about the facts beside their schema. Throws AppErrors whose field begins with `/facts`. */
  check?(input: { readonly facts: F; readonly category: string; readonly context: Context }): void;
  /** Organisations that are told of everything, whoever opens it. */
  told?(input: { readonly facts: F; readonly context: Context }): readonly string[];
  /** Who closes a resolved case, beside its opener; default: nobody. A rule about evidence is a `checks.close`. */
  mayClose?(request: CommandRequest<CaseState<F>, never>): boolean;
}

type State<F> = CaseState<F>;
type Request<F> = { readonly state: State<F> | undefined; readonly context: Context };

/** Something to handle: opened, assigned, resolved, closed, with a clock and links to evidence on the ledger. */
export function caseOf<F extends JsonObject = JsonObject>(declaration: CaseOf<F>): Module<CaseState<F>> {
  const schemas = caseSchemas(declaration);
  return assemble(declaration, {
    commands: {
      ...opening(declaration, schemas),
      ...handling<F>(schemas),
      ...ending(declaration, schemas),
    },
    events: caseEvents(declaration),
    queries: caseQueries<F>(),
    indexes: { assignee: ({ assignee, person }) => [assignee, person].filter((one) => one !== null) },
    unknown: unknownCase,
    evolve: evolveCase,
    movers: ({ parties }) => parties,
  });
}

type Schemas = ReturnType<typeof caseSchemas>;

const isParty = <F>({ state, context }: Request<F>): boolean =>
  state?.parties.includes(context.party) === true;

const isAssignee = <F>({ state, context }: Request<F>): boolean => state?.assignee === context.party;

/** @throws AppError conflict */
function inStatus<F>(state: State<F> | undefined, ...allowed: readonly CaseStatus[]): State<F> {
  if (!state || !allowed.includes(state.status))
    throw fail('conflict', { extra: { present: state?.status ?? 'unknown' } });
  return state;
}

function opening<F extends JsonObject>(
  declaration: CaseOf<F>,
  schemas: Schemas,
): Module<State<F>>['commands'] {
  const open: Command<State<F>, OpenCase<F>> = {
    ...schemas.open,
    on: 'new',
    allow: () => true,
    decide: ({ data, context }) => {
      const { category, facts, evidence = [], parties = [] } = data;
      declaration.check?.({ facts, category, context });
      const due = dueOf(declaration, { category, facts }, context.time);
      const event = { category, facts, evidence, due };
      const told = declaration.told?.({ facts, context }) ?? [];
      return [tell(undefined, { type: 'opened', data: event, also: [context.party, ...parties, ...told] })];
    },
  };
  const reopen: Command<State<F>, Said> = {
    ...schemas.reopen,
    on: 'existing',
    allow: isParty,
    decide: ({ state, data, context }) => {
      const { category, facts } = inStatus(state, 'resolved', 'closed');
      const due = dueOf(declaration, { category, facts }, context.time);
      return [tell(state, { type: 'reopened', data: { ...data, due } })];
    },
  };
  return { open, reopen };
}

function dueOf<F extends JsonObject>(
  { sla, categories }: CaseOf<F>,
  about: { readonly category: string; readonly facts: F },
  time: number,
): number | null {
  const seconds = sla ? sla(about) : (categories[about.category]?.sla ?? null);
  return seconds === null ? null : time + seconds;
}

type AssignData = Said & { readonly to: string; readonly person?: string };

function handling<F>(schemas: Schemas): Module<State<F>>['commands'] {
  const assign: Command<State<F>, AssignData> = {
    ...schemas.assign,
    on: 'existing',
    allow: isParty,
    decide: ({ state, data }) => {
      inStatus(state, 'open', 'assigned', 'inProgress');
      return [tell(state, { type: 'assigned', data, also: [data.to] })];
    },
  };
  const start: Command<State<F>, Said> = {
    ...schemas.start,
    on: 'existing',
    allow: isAssignee,
    decide: ({ state, data }) => {
      inStatus(state, 'assigned');
      return [tell(state, { type: 'started', data })];
    },
  };
  const comment: Command<State<F>, Said & { readonly text: string }> = {
    ...schemas.comment,
    on: 'existing',
    allow: isParty,
    decide: ({ state, data }) => [tell(state, { type: 'commented', data })],
  };
  const escalate: Command<State<F>, Said & { readonly to: string }> = {
    ...schemas.escalate,
    on: 'existing',
    allow: isParty,
    decide: ({ state, data }) => {
      inStatus(state, 'open', 'assigned', 'inProgress', 'resolved');
      return [tell(state, { type: 'escalated', data, also: [data.to] })];
    },
  };
  return { assign, start, comment, escalate };
}

function ending<F extends JsonObject>(
  { mayClose }: CaseOf<F>,
  schemas: Schemas,
): Module<State<F>>['commands'] {
  const resolve: Command<State<F>, Said & { readonly outcome?: JsonObject }> = {
    ...schemas.resolve,
    on: 'existing',
    allow: isAssignee,
    decide: ({ state, data }) => {
      inStatus(state, 'assigned', 'inProgress');
      return [tell(state, { type: 'resolved', data })];
    },
  };
  const close: Command<State<F>, Said> = {
    ...schemas.close,
    on: 'existing',
    allow: (request) =>
      request.state?.opener === request.context.party ||
      mayClose?.(request as CommandRequest<State<F>, never>) === true,
    decide: ({ state, data }) => {
      inStatus(state, 'resolved');
      return [tell(state, { type: 'closed', data })];
    },
  };
  const cancel: Command<State<F>, Said> = {
    ...schemas.cancel,
    on: 'existing',
    allow: ({ state, context }) => state?.opener === context.party,
    decide: ({ state, data }) => {
      inStatus(state, 'open', 'assigned', 'inProgress');
      return [tell(state, { type: 'cancelled', data })];
    },
  };
  return { resolve, close, cancel };
}
