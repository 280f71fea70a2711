import { fail } from '../errors.ts';
import type { Command, Context, JsonObject, JsonSchema, Module, ModuleEvent } from '../module/module.ts';
import { agreementEvents, evolveAgreement, unknownAgreement } from './agreement-events.ts';
import { keyChange } from './agreement-keys.ts';
import { agreementQueries } from './agreement-queries.ts';
import { agreementSchemas, type CounterData, type ProposeData } from './agreement-schemas.ts';
import { assemble } from './assemble.ts';
import { type Common, type Declaration, partiesOf } from './declaration.ts';
import { type Effect, effectOf } from './effect.ts';
import { tell } from './tell.ts';

export type Signature = { readonly party: string; readonly actor: string; readonly time: number };

/** One text of the agreement, as proposed or as agreed. */
export type Body<T = JsonObject> = Effect & {
  readonly version: number;
  readonly terms: T;
  readonly by: string;
  readonly signed: readonly Signature[];
};

export type AgreementState<T = JsonObject> = Common & {
  readonly status: 'proposed' | 'agreed' | 'terminated' | 'rejected' | 'withdrawn' | 'unknown';
  /** Signatures that put a body in force. */
  readonly quorum: number;
  /** Bodies that were agreed, in order of agreement; each supersedes those before from its `from` on. */
  readonly agreed: readonly Body<T>[];
  readonly pending: Body<T> | null;
  /** Highest version there was. */
  readonly versions: number;
  readonly end: { readonly by: string; readonly from: number; readonly reason: string | null } | null;
  /** Keys of the ledger that it has. */
  readonly held: readonly string[];
};

export interface AgreementOf<T extends JsonObject> extends Declaration<AgreementState<T>> {
  readonly terms: JsonSchema;
  /** Rules about the terms beside their schema. Throws AppErrors whose field begins with `/terms`. */
  check?(input: CheckInput<T>): void;
  /** How many of the parties must sign; default: all. */
  readonly quorum?: 'all' | number;
  /** Parties, the one that proposes among them; default 2 to 16, as many as the rule of a ledger object names. */
  readonly size?: { readonly min: number; readonly max: number };
  /** Seconds at least between a proposal and its effect; and between a termination and the end. Default 0. */
  readonly notice?: { readonly effect?: number; readonly termination?: number };
  /** What was agreed stays: it is neither superseded nor terminated, and keeps its keys. Default false. */
  readonly final?: boolean;
  /**
   * Keys of the ledger that a body takes when it is agreed. They are given back by the first line after it counts no
   * more: of whatever command, or of `release`, which is there for that.
   */
  holds?(body: { readonly terms: T; readonly parties: readonly string[] }): readonly string[];
}

export interface CheckInput<T> extends Effect {
  readonly terms: T;
  readonly parties: readonly string[];
  readonly context: Context;
  readonly state: AgreementState<T> | undefined;
}

/** Bodies that an agreement can have before a new one must be begun: its state stays small. */
const MAX_VERSIONS = 100;

/**
 * n parties sign one body. Whoever proposes signs by it; a counter-proposal takes all signatures of the body that it
 * replaces; `supersede` proposes the next body while the present one stays in force.
 */
export function agreement<T extends JsonObject = JsonObject>(
  declaration: AgreementOf<T>,
): Module<AgreementState<T>> {
  const schemas = agreementSchemas(declaration.terms);
  return assemble(declaration, {
    commands: commandsOf(declaration, schemas),
    events: agreementEvents(declaration),
    queries: agreementQueries<T>(),
    unknown: unknownAgreement,
    evolve: evolveAgreement,
    movers: ({ parties }) => parties,
  });
}

type State<T> = AgreementState<T>;

function commandsOf<T extends JsonObject>(
  declaration: AgreementOf<T>,
  schemas: ReturnType<typeof agreementSchemas>,
): Module<State<T>>['commands'] {
  const propose: Command<State<T>, ProposeData<T>> = {
    ...schemas.propose,
    on: 'new',
    allow: () => true,
    decide: (request) => proposed(declaration, { ...request, state: undefined }),
  };
  const counter: Command<State<T>, CounterData<T>> = {
    ...schemas.counter,
    on: 'existing',
    allow: isParty,
    decide: (request) => {
      const pending = pendingOf(request.state, request.data.version);
      if (pending.by === request.context.party) throw fail('conflict', { extra: { rule: 'own proposal' } });
      return proposed(declaration, request);
    },
  };
  const { final = false, holds } = declaration;
  return {
    propose,
    counter,
    ...signing(declaration, schemas),
    ...(final ? {} : following(declaration, schemas)),
    ...(final || !holds ? {} : releasing(declaration, schemas)),
  };
}

function signing<T extends JsonObject>(
  declaration: AgreementOf<T>,
  schemas: ReturnType<typeof agreementSchemas>,
): Module<State<T>>['commands'] {
  const sign: Command<State<T>, { readonly version: number }> = {
    ...schemas.sign,
    on: 'existing',
    allow: isParty,
    decide: ({ state, data, context }) => {
      const pending = pendingOf(state, data.version);
      if (pending.signed.some(({ party }) => party === context.party)) throw fail('already_exists');
      if (pending.from < context.time && declaration.notice?.effect)
        throw fail('notice_too_short', { extra: { rule: 'effect has begun' } });
      const signed = tell(state, { type: 'signed', data: { version: pending.version } });
      const isLast = pending.signed.length + 1 >= (state?.quorum ?? 0);
      return isLast
        ? [
            signed,
            agreedEvent(declaration, {
              ...{ state, body: pending, parties: state?.parties ?? [], at: context.time },
            }),
          ]
        : [signed];
    },
  };
  const reject: Command<State<T>, { readonly version: number; readonly reason?: string }> = {
    ...schemas.reject,
    on: 'existing',
    allow: isParty,
    decide: ({ state, data, context }) => {
      if (pendingOf(state, data.version).by === context.party) throw fail('conflict');
      return [tell(state, { type: 'rejected', data })];
    },
  };
  const withdraw: Command<State<T>, { readonly version: number }> = {
    ...schemas.withdraw,
    on: 'existing',
    allow: (request) => isParty(request) && request.state?.pending?.by === request.context.party,
    decide: ({ state, data }) => {
      pendingOf(state, data.version);
      return [tell(state, { type: 'withdrawn', data })];
    },
  };
  return { sign, reject, withdraw };
}

/** What may come after an agreement that is not final. */
function following<T extends JsonObject>(
  declaration: AgreementOf<T>,
  schemas: ReturnType<typeof agreementSchemas>,
): Module<State<T>>['commands'] {
  const supersede: Command<State<T>, ProposeData<T>> = {
    ...schemas.supersede,
    on: 'existing',
    allow: isParty,
    decide: (request) => {
      if (request.state?.status !== 'agreed' || request.state.pending) throw fail('conflict');
      return proposed(declaration, request);
    },
  };
  const terminate: Command<State<T>, { readonly validFrom?: string; readonly reason?: string }> = {
    ...schemas.terminate,
    on: 'existing',
    allow: isParty,
    decide: ({ state, data, context }) => {
      if (state?.status !== 'agreed') throw fail('conflict');
      const { from } = effectOf(data, context, declaration.notice?.termination ?? 0);
      const end = { by: context.party, from, reason: data.reason ?? null };
      const told = { from, ...(data.reason === undefined ? {} : { reason: data.reason }) };
      const keys = keyChange(declaration, { ...state, end }, context.time);
      return [tell(state, { type: 'terminated', data: told, ...keys })];
    },
  };
  return { supersede, terminate };
}

function releasing<T extends JsonObject>(
  declaration: AgreementOf<T>,
  schemas: ReturnType<typeof agreementSchemas>,
): Module<State<T>>['commands'] {
  const release: Command<State<T>, JsonObject> = {
    ...schemas.release,
    on: 'existing',
    allow: isParty,
    decide: ({ state, context }) => {
      const keys = state ? keyChange(declaration, state, context.time) : {};
      if (!keys.release) throw fail('conflict', { extra: { rule: 'nothing to release' } });
      return [tell(state, { type: 'released', data: {}, ...keys })];
    },
  };
  return { release };
}

const isParty = <T>({ state, context }: { state: State<T> | undefined; context: Context }): boolean =>
  state?.parties.includes(context.party) === true;

function pendingOf<T>(state: State<T> | undefined, version: number): Body<T> {
  const pending = state?.pending;
  if (!pending) throw fail('conflict', { extra: { rule: 'nothing to sign' } });
  if (pending.version !== version) throw fail('conflict', { extra: { version: pending.version } });
  return pending;
}

function proposed<T extends JsonObject>(
  declaration: AgreementOf<T>,
  { state, data, context }: { state: State<T> | undefined; data: ProposeData<T>; context: Context },
): readonly ModuleEvent[] {
  const { terms } = data;
  const parties = state?.parties ?? firstParties(declaration, data.parties ?? [], context.party);
  const version = (state?.versions ?? 0) + 1;
  if (version > MAX_VERSIONS) throw fail('conflict', { extra: { rule: 'too many versions' } });
  const effect = effectOf(data, context, declaration.notice?.effect ?? 0);
  declaration.check?.({ terms, parties, context, state, ...effect });
  const quorum = quorumOf(declaration, parties.length);
  const event = { ...effect, version, terms, quorum } as unknown as JsonObject;
  const told = tell(state, { type: 'proposed', data: event, also: parties });
  const body = { ...effect, version, terms, by: context.party, signed: [] };
  return quorum > 1 ? [told] : [told, agreedEvent(declaration, { state, body, parties, at: context.time })];
}

function firstParties<T extends JsonObject>(
  { size }: AgreementOf<T>,
  others: readonly string[],
  party: string,
): readonly string[] {
  const parties = partiesOf(party, ...others);
  const { min, max } = size ?? { min: 2, max: 16 };
  if (parties.length < min || parties.length > max) throw fail('out_of_range', { field: '/parties' });
  return parties;
}

const quorumOf = <T extends JsonObject>({ quorum }: AgreementOf<T>, parties: number): number =>
  quorum === undefined || quorum === 'all' ? parties : Math.min(quorum, parties);

interface Agreed<T> {
  readonly state: State<T> | undefined;
  readonly body: Body<T>;
  readonly parties: readonly string[];
  /** Unix seconds. */
  readonly at: number;
}

function agreedEvent<T extends JsonObject>(
  declaration: AgreementOf<T>,
  { state, body, parties, at }: Agreed<T>,
): ModuleEvent {
  const { agreed = [], held = [] } = state ?? {};
  const keys = keyChange(declaration, { agreed: [...agreed, body], end: null, parties, held }, at);
  return tell(undefined, { type: 'agreed', data: { version: body.version }, also: parties, ...keys });
}
