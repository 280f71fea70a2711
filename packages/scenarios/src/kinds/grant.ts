import { fail } from '../errors.ts';
import type {
  Command,
  CommandRequest,
  Context,
  JsonObject,
  JsonSchema,
  Module,
  ModuleEvent,
  Text,
} from '../module/module.ts';
import { assemble } from './assemble.ts';
import type { Common, Declaration } from './declaration.ts';
import { type Effect, effectOf } from './effect.ts';
import { evolveGrant, grantEvents, unknownGrant } from './grant-events.ts';
import { grantQueries, standingOf } from './grant-queries.ts';
import { grantSchemas, type RequestData } from './grant-schemas.ts';
import { tell } from './tell.ts';

export type Approval = {
  readonly step: string;
  readonly party: string;
  readonly actor: string;
  readonly time: number;
  /** How it was confirmed, where the declaration has something to say of it. */
  readonly confirmation: JsonObject | null;
};

export type GrantState<P = JsonObject> = Common & {
  /** `active` is what was decided; whether it counts at a time, `standingOf` says. */
  readonly status: 'requested' | 'active' | 'revoked' | 'declined' | 'unknown';
  readonly scope: P;
  /** Organisation that asks, and who asked there. */
  readonly requester: string;
  readonly asker: string;
  /** Who may use it: an organisation, person or device. */
  readonly grantee: string;
  /** Organisations, or persons that act through one of the parties. */
  readonly approvers: readonly string[];
  readonly effect: Effect;
  /** Uses at most; null: no limit. */
  readonly limit: number | null;
  readonly uses: number;
  readonly approvals: readonly Approval[];
  readonly end: {
    readonly by: string;
    /** The organisation itself, or who acted through it. */
    readonly actor: string;
    readonly time: number;
    readonly reason: string | null;
  } | null;
};

export interface Step<P> {
  readonly name: string;
  readonly summary: Text;
  /** Who may approve here, beside that it is one of the approvers and not the asker. */
  may?(request: CommandRequest<GrantState<P>, never>): boolean;
}

export interface GrantOf<P extends JsonObject> extends Declaration<GrantState<P>> {
  readonly scope: JsonSchema;
  /** Approvals needed, in this order. Default: one. */
  readonly steps?: readonly Step<P>[];
  /** How an approval was confirmed, such as a wallet's signature; default: nothing is said. */
  readonly confirmation?: JsonSchema;
  /** What one use says. Default: nothing. */
  readonly use?: JsonSchema;
  /** Uses at most, where the scope says it. */
  limit?(scope: P): number | null;
  /** Rules about what is asked. Throws AppErrors whose field begins with `/scope`. */
  check?(input: { readonly scope: P; readonly effect: Effect; readonly context: Context }): void;
  /** Rules about one use beside that the grant is live. */
  checkUse?(input: {
    readonly use: JsonObject;
    readonly state: GrantState<P>;
    readonly context: Context;
  }): void;
  /** Longest that a grant may last, seconds; then an end must be named. Default: no bound. */
  readonly longest?: number;
}

const ONE_STEP = [{ name: 'approval', summary: { 'zh-CN': '批准', en: 'Approval' } }] as const;

type State<P> = GrantState<P>;

/** Permission over scope and time: asked, approved step by step by others than who asks, used, revoked. */
export function grant<P extends JsonObject = JsonObject>(declaration: GrantOf<P>): Module<GrantState<P>> {
  const schemas = grantSchemas(declaration);
  return assemble(
    {
      ...declaration,
      readers: (state, reader) =>
        isAbout(state, reader.actor) || declaration.readers?.(state, reader) === true,
    },
    {
      commands: { ...asking(declaration, schemas), ...using(declaration, schemas) },
      events: grantEvents(declaration),
      queries: grantQueries<P>(),
      indexes: { grantee: ({ grantee }) => grantee },
      unknown: unknownGrant,
      evolve: evolveGrant,
      movers: ({ parties }) => parties,
    },
  );
}

/** A person sees what they are asked to approve, and what they were given, through whichever party they act. */
const isAbout = ({ grantee, approvers }: Pick<GrantState, 'grantee' | 'approvers'>, actor: string): boolean =>
  grantee === actor || approvers.includes(actor);

function asking<P extends JsonObject>(
  declaration: GrantOf<P>,
  schemas: ReturnType<typeof grantSchemas>,
): Module<State<P>>['commands'] {
  const steps = declaration.steps ?? ONE_STEP;
  const request: Command<State<P>, RequestData<P>> = {
    ...schemas.request,
    on: 'new',
    allow: () => true,
    decide: (asked) => [requested(declaration, asked)],
  };
  const approve: Command<State<P>, { readonly step: string; readonly confirmation?: JsonObject }> = {
    ...schemas.approve,
    on: 'existing',
    allow: (asked) => {
      const step: Step<P> | undefined = steps[asked.state?.approvals.length ?? 0];
      // Where no step is left, the rules of `decide` answer.
      return mayDecide(asked) && step?.may?.(asked as CommandRequest<State<P>, never>) !== false;
    },
    decide: ({ state, data }) => {
      const open = stillOpen(state);
      const step = steps[open.approvals.length];
      if (!step || step.name !== data.step)
        throw fail('conflict', { field: '/step', extra: { step: step?.name ?? 'none' } });
      const approved = tell(state, { type: 'approved', data: data as unknown as JsonObject });
      const isLast = open.approvals.length + 1 === steps.length;
      return isLast ? [approved, tell(state, { type: 'granted', data: {} })] : [approved];
    },
  };
  const decline: Command<State<P>, { readonly reason?: string }> = {
    ...schemas.decline,
    on: 'existing',
    allow: mayDecide,
    decide: ({ state, data }) => {
      stillOpen(state);
      return [tell(state, { type: 'declined', data })];
    },
  };
  return { request, approve, decline };
}

function using<P extends JsonObject>(
  declaration: GrantOf<P>,
  schemas: ReturnType<typeof grantSchemas>,
): Module<State<P>>['commands'] {
  const use: Command<State<P>, { readonly use: JsonObject }> = {
    ...schemas.use,
    on: 'existing',
    allow: ({ state, context }) =>
      state !== undefined && (state.grantee === context.party || state.grantee === context.actor),
    decide: ({ state, data, context }) => {
      const standing = state ? standingOf(state, context.time) : 'unknown';
      if (!state || standing !== 'active') throw fail('permission_denied', { extra: { reason: standing } });
      declaration.checkUse?.({ use: data.use, state, context });
      return [tell(state, { type: 'used', data: { use: data.use, number: state.uses + 1 } })];
    },
  };
  const revoke: Command<State<P>, { readonly reason?: string }> = {
    ...schemas.revoke,
    on: 'existing',
    allow: ({ state, context }) =>
      state !== undefined &&
      [state.requester, state.grantee, ...state.approvers].some((did) =>
        [context.party, context.actor].includes(did),
      ),
    decide: ({ state, data }) => {
      if (state?.status !== 'active' && state?.status !== 'requested') throw fail('conflict');
      return [tell(state, { type: 'revoked', data })];
    },
  };
  return { use, revoke };
}

function requested<P extends JsonObject>(
  declaration: GrantOf<P>,
  { data, context }: CommandRequest<State<P>, RequestData<P>>,
): ModuleEvent {
  const { scope, approvers } = data;
  const effect = effectOf(data, context, 0);
  const { longest } = declaration;
  if (longest !== undefined && (effect.until === null || effect.until - effect.from > longest))
    throw fail('out_of_range', { field: '/validUntil', extra: { longest } });
  declaration.check?.({ scope, effect, context });
  const grantee = data.grantee ?? context.party;
  const limit = declaration.limit?.(scope) ?? null;
  const event = { scope, grantee, approvers, effect, limit };
  return tell(undefined, {
    type: 'requested',
    data: event as unknown as JsonObject,
    also: [context.party, ...data.parties],
  });
}

/** One of the approvers, who did not ask and has not approved: four eyes are four. */
function mayDecide<P>({
  state,
  context,
}: {
  readonly state: State<P> | undefined;
  readonly context: Context;
}): boolean {
  if (!state) return false;
  const { actor, party } = context;
  const isApprover = state.approvers.includes(party) || state.approvers.includes(actor);
  const isSame = state.asker === actor || state.approvals.some((approval) => approval.actor === actor);
  return isApprover && !isSame;
}

function stillOpen<P>(state: State<P> | undefined): State<P> {
  if (state?.status !== 'requested')
    throw fail('conflict', { extra: { present: state?.status ?? 'unknown' } });
  return state;
}
