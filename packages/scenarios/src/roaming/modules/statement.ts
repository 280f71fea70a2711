import { fail } from '../../errors.ts';
import { type AgreementState, agreement } from '../../kinds/agreement.ts';
import { tell } from '../../kinds/tell.ts';
import type { Command, CommandRequest, JsonObject, Recorded, Text } from '../../module/module.ts';
import { DID, integer, shape, text } from '../../module/shapes.ts';
import { isOperator, OPERATOR } from '../credentials.ts';
import { type Billing, billingOf, type StatementState } from './billing.ts';
import { checkResult, keysOf, readsOf } from './check-statement.ts';
import { statementQueries } from './statement-queries.ts';
import { STATEMENT, type StatementTerms } from './statement-schema.ts';

type State = AgreementState<StatementTerms>;
type Request = CommandRequest<State, { readonly version: number; readonly reference?: string }>;

const VERSION = shape({ version: integer(1, 1_000_000) });

const agreedTerms = (state: State | undefined): StatementTerms | undefined =>
  state?.status === 'agreed' ? state.agreed.at(-1)?.terms : undefined;

const reads = ({ data }: { readonly data: unknown }) => readsOf((data as { terms: StatementTerms }).terms);

/**
 * Settlement statement: generated and sent by `propose`, `receive`d, accepted by `sign` or rejected, `pay`ed by the one
 * who owes the net and `confirm`ed by the other. Its result is computed anew by both from what it names.
 */
export const roamingStatement = agreement<StatementTerms>({
  name: 'roaming.statement',
  version: '1.0.0',
  summary: { 'zh-CN': '漫游结算单', en: 'Settlement statement' },
  blind: true,
  terms: STATEMENT,
  size: { min: 2, max: 2 },
  credentials: OPERATOR,
  reads: { propose: reads, counter: reads },
  may: { propose: ({ context }) => isOperator(context) },
  check: ({ terms, parties, context }) => checkResult(terms, { parties, context }),
  // A line that both have accepted is corrected by a credit, and by nothing else: what it settled stays settled.
  final: true,
  holds: ({ terms }) => keysOf(terms),
  own: {
    commands: { receive: receive(), pay: pay(), confirm: confirm() } as {
      readonly [name: string]: Command<State, never>;
    },
    events: {
      received: VERSION,
      paid: shape({ version: integer(1, 1_000_000), reference: text(35), to: DID }),
      confirmed: VERSION,
    },
    evolve: withBilling,
  },
  queries: statementQueries(),
});

function withBilling(state: State, event: Recorded): State {
  const { version, reference } = event.data as { readonly version: number; readonly reference?: string };
  const before = (state as StatementState).billing;
  const billing: Billing = before?.version === version ? before : { version };
  const { time } = event;
  const added: Partial<Billing> =
    event.type === 'received'
      ? { received: time }
      : event.type === 'paid'
        ? { paid: { time, reference: reference ?? '' } }
        : { confirmed: time };
  return { ...state, billing: { ...billing, ...added } } as State;
}

function receive(): Command<State, { readonly version: number }> {
  return {
    summary: { 'zh-CN': '确认收到', en: 'Says that it was received' } satisfies Text,
    schema: VERSION,
    on: 'existing',
    allow: ({ state, context }) =>
      state?.parties.includes(context.party) === true && state.pending?.by !== context.party,
    decide: ({ state, data }) => {
      if (!state?.pending || state.pending.version !== data.version) throw fail('conflict');
      if (billingOf(state).received !== undefined) throw fail('already_exists');
      return [tell(state, { type: 'received', data })];
    },
  };
}

function pay(): Command<State, Request['data']> {
  return {
    summary: { 'zh-CN': '已付净额', en: 'Says that the net was paid' },
    schema: shape({ version: integer(1, 1_000_000), reference: text(35) }),
    on: 'existing',
    allow: ({ state, context }) => agreedTerms(state)?.result.net?.payer === context.party,
    decide: ({ state, data }) => {
      if (!state || billingOf(state).version !== data.version) throw fail('conflict');
      if (billingOf(state).paid) throw fail('already_exists');
      const to = agreedTerms(state)?.result.net?.payee ?? '';
      return [tell(state, { type: 'paid', data: { ...data, to } as JsonObject })];
    },
  };
}

function confirm(): Command<State, { readonly version: number }> {
  return {
    summary: { 'zh-CN': '确认到账', en: 'Says that the payment arrived' },
    schema: VERSION,
    on: 'existing',
    allow: ({ state, context }) => agreedTerms(state)?.result.net?.payee === context.party,
    decide: ({ state, data }) => {
      if (!state || billingOf(state).version !== data.version || !billingOf(state).paid)
        throw fail('conflict');
      if (billingOf(state).confirmed !== undefined) throw fail('already_exists');
      return [tell(state, { type: 'confirmed', data })];
    },
  };
}
