import { FACTOR, isZero } from '../../decimal/decimal.ts';
import { MONEY, type Money } from '../../decimal/money.ts';
import { fail } from '../../errors.ts';
import { type AgreementState, agreement, type Body } from '../../kinds/agreement.ts';
import type { DocumentState } from '../../kinds/document.ts';
import { versionAt } from '../../kinds/document-queries.ts';
import { counts, inForce } from '../../kinds/effect.ts';
import { tell } from '../../kinds/tell.ts';
import type { Command, Context, JsonObject, Query, Recorded } from '../../module/module.ts';
import { DID, integer, OBJECT_ID, oneOf, SHA256, said, shape, text } from '../../module/shapes.ts';
import { odrlPolicyOf } from '../deal/odrl.ts';
import { assertJudgeable, POLICY, type Policy, permits } from '../deal/policy.ts';
import { isSamePrice, type PriceTable, priceOf } from './data-price.ts';
import type { DataSet } from './data-set.ts';

export interface DealTerms extends JsonObject {
  readonly provider: string;
  readonly set: string;
  readonly prices: string;
  readonly volume: string;
  readonly price: Money;
  readonly policy: Policy;
}

/** How far an agreed deal is: what the Dataspace Protocol calls VERIFIED and FINALIZED, and what was handed over since. */
interface Progress extends JsonObject {
  readonly step: 'agreed' | 'verified' | 'finalized';
  readonly transfers: number;
}

export type DealState = AgreementState<DealTerms> & { readonly progress?: Progress };

const progressOf = (state: DealState | undefined): Progress =>
  state?.progress ?? { step: 'agreed', transfers: 0 };

const TERMS = shape({
  provider: said(DID, { 'zh-CN': '提供方', en: 'Provider' }),
  set: said(OBJECT_ID, { 'zh-CN': '数据集', en: 'Data set' }),
  prices: said(OBJECT_ID, { 'zh-CN': '价目表', en: 'Price table' }),
  volume: said(FACTOR, { 'zh-CN': '数量', en: 'Volume' }),
  price: said(MONEY, { 'zh-CN': '价格', en: 'Price' }),
  policy: POLICY,
});

const TRANSFER = shape({
  action: oneOf('use', 'read', 'distribute', 'derive'),
  purpose: text(256),
  spatial: text(256),
  digest: said(SHA256, { 'zh-CN': '所交付数据的摘要', en: 'Digest of what was handed over' }),
});

/** A deal over data: negotiated, agreed at the table's price, verified, finalised; then data moves, within the policy [DA-4]. */
export const dataDeal = agreement<DealTerms>({
  name: 'data.deal',
  version: '1',
  summary: { 'zh-CN': '数据交易', en: 'Deals over data' },
  size: { min: 2, max: 2 },
  terms: TERMS,
  reads: Object.fromEntries(
    ['propose', 'counter', 'supersede'].map((command) => [
      command,
      ({ data }: { data: { terms: DealTerms } }) => [
        { module: 'data.set', id: data.terms.set },
        { module: 'data.price', id: data.terms.prices },
      ],
    ]),
  ),
  check: ({ terms, parties, context, state }) => {
    if (!parties.includes(terms.provider)) throw fail('out_of_range', { field: '/terms/provider' });
    if (isZero(terms.volume)) throw fail('out_of_range', { field: '/terms/volume' });
    assertJudgeable(terms.policy, '/terms/policy');
    const before = state?.agreed.at(-1)?.terms ?? state?.pending?.terms;
    if (before && before.set !== terms.set) throw fail('conflict', { field: '/terms/set' });
    const set = setOf(terms, context);
    const price = priceOf(tableOf(terms, context), { ...set, volume: terms.volume });
    if (!isSamePrice(price, terms.price)) {
      throw fail('out_of_range', {
        field: '/terms/price',
        extra: { amount: price.amount, currency: price.currency },
      });
    }
  },
  own: {
    commands: {
      verify: step('verified', 'agreed', false),
      finalize: step('finalized', 'verified', true),
      transfer: transfer(),
    },
    events: {
      verified: shape({}),
      finalized: shape({}),
      transferred: shape({
        ...(TRANSFER.properties as JsonObject),
        number: integer(1, 1_000_000_000),
      } as never),
    },
    evolve: (state, event) => withProgress(state, event),
  },
  queries: { negotiation: negotiation(), policy: policy() },
});

/** @throws AppError not_found where the set is not in the catalogue, or another's */
function setOf({ set, provider }: DealTerms, context: Context): DataSet {
  const read = context.read('data.set', set) as DocumentState<DataSet> | undefined;
  const version = read && versionAt(read, context.time);
  if (!read || !version || read.publisher !== provider) throw fail('not_found', { field: '/terms/set' });
  return version.body;
}

function tableOf({ prices }: DealTerms, context: Context): PriceTable {
  const read = context.read('data.price', prices) as AgreementState<PriceTable> | undefined;
  const body = read && inForce(read.agreed, context.time);
  if (!body) throw fail('not_found', { field: '/terms/prices' });
  return body.terms;
}

/** The consumer verifies the agreement, the provider finalises it. */
function step(
  to: 'verified' | 'finalized',
  after: Progress['step'],
  byProvider: boolean,
): Command<AgreementState<DealTerms>, JsonObject> {
  return {
    summary:
      to === 'verified'
        ? { 'zh-CN': '需求方核验协议', en: 'The consumer has verified the agreement' }
        : { 'zh-CN': '提供方确认完成', en: 'The provider finalises it' },
    schema: shape({}),
    on: 'existing',
    allow: ({ state, context }) => {
      const provider = state?.agreed.at(-1)?.terms.provider;
      return state?.parties.includes(context.party) === true && (provider === context.party) === byProvider;
    },
    decide: ({ state }) => {
      if (state?.status !== 'agreed' || progressOf(state).step !== after) throw fail('conflict');
      return [tell(state, { type: to, data: {} })];
    },
  };
}

interface TransferData extends JsonObject {
  readonly action: string;
  readonly purpose: string;
  readonly spatial: string;
  readonly digest: string;
}

/** The provider hands data over: of a deal that is finalised and in force, for what its policy permits. */
function transfer(): Command<AgreementState<DealTerms>, TransferData> {
  return {
    summary: { 'zh-CN': '交付数据', en: 'The provider hands data over' },
    schema: TRANSFER,
    on: 'existing',
    allow: ({ state, context, data }) => {
      const body = liveBody(state, context.time);
      const { step: at, transfers } = progressOf(state);
      if (!body || at !== 'finalized' || body.terms.provider !== context.party) return false;
      const recipient = state?.parties.find((did) => did !== context.party) ?? '';
      return permits(body.terms.policy, { ...data, recipient, time: context.time, count: transfers + 1 });
    },
    decide: ({ state, data }) => [
      tell(state, { type: 'transferred', data: { ...data, number: progressOf(state).transfers + 1 } }),
    ],
  };
}

function liveBody(state: AgreementState<DealTerms> | undefined, at: number): Body<DealTerms> | undefined {
  if (!state || (state.end && state.end.from <= at)) return undefined;
  const body = inForce(state.agreed, at);
  return body && counts(body, at) ? body : undefined;
}

function withProgress(state: DealState, event: Recorded): DealState {
  const before = progressOf(state);
  if (event.type === 'transferred') {
    return { ...state, progress: { ...before, transfers: (event.data as { number: number }).number } };
  }
  return { ...state, progress: { ...before, step: event.type as Progress['step'] } };
}

/** States of the Dataspace Protocol 2025-1, contract negotiation. */
const DSP = {
  proposed: 'REQUESTED',
  terminated: 'TERMINATED',
  rejected: 'TERMINATED',
  withdrawn: 'TERMINATED',
} as const;
const STEPS = { agreed: 'AGREED', verified: 'VERIFIED', finalized: 'FINALIZED' } as const;

function negotiation(): Query<DealState, JsonObject> {
  return {
    summary: {
      'zh-CN': '各交易的谈判状态（Dataspace Protocol）',
      en: 'States of negotiations (Dataspace Protocol)',
    },
    schema: shape({}),
    run: ({ rows }) =>
      [...rows].map(({ id, state }) => ({ providerPid: id, consumerPid: id, state: dspState(state) })),
  };
}

function policy(): Query<DealState, { readonly id: string }> {
  return {
    summary: {
      'zh-CN': '交易的使用策略（ODRL 2.2，JSON-LD）',
      en: 'The policy of a deal as ODRL 2.2 in JSON-LD',
    },
    schema: shape({ id: OBJECT_ID }),
    by: ['id'],
    run: ({ rows }) => {
      const [found] = rows;
      return found ? odrlPolicyOf(found.id, found.state) : null;
    },
  };
}

function dspState(state: DealState): string {
  if (state.status === 'agreed') return STEPS[progressOf(state).step];
  if (state.status === 'unknown') return 'UNKNOWN';
  const { status, pending } = state;
  const isOffer = status === 'proposed' && pending?.by === pending?.terms.provider;
  return isOffer ? 'OFFERED' : DSP[status];
}
