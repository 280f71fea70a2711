import { compare } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';
import type { AgreementState } from '../../kinds/agreement.ts';
import { caseOf, type Evidence } from '../../kinds/case.ts';
import type { Context } from '../../module/module.ts';
import { integer, OBJECT_ID, shape } from '../../module/shapes.ts';
import { isOperator, OPERATOR } from '../credentials.ts';
import { QUANTITY } from '../quantity.ts';
import type { StatementLine } from '../settlement/settle.ts';
import type { Tariff } from '../settlement/tariff.ts';
import { refuse } from '../xml/element.ts';
import type { StatementTerms } from './statement-schema.ts';

export type DisputeFacts = {
  readonly statement: string;
  readonly tariff: string;
  /** Numbers of the direction and of its line. */
  readonly direction: number;
  readonly line: number;
  /** How much of the line's amount is in question. */
  readonly claimed: string;
};

type OpenDispute = {
  readonly facts: DisputeFacts;
  readonly evidence?: readonly Evidence[];
  readonly parties?: readonly string[];
};

const DAY = 86_400;

/** The line that a dispute is about. @throws AppError not_found with a pointer below `at` */
export function lineOf(
  { statement, direction, line }: Pick<DisputeFacts, 'statement' | 'direction' | 'line'>,
  { context, at }: { readonly context: Context; readonly at: string },
) {
  const state = context.read('roaming.statement', statement) as AgreementState<StatementTerms> | undefined;
  const terms = (state?.pending ?? state?.agreed.at(-1))?.terms;
  if (!state || !terms || !state.parties.includes(context.party))
    throw fail('not_found', { field: `${at}/statement` });
  const settled = terms.result.directions[direction];
  if (!settled) throw fail('not_found', { field: `${at}/direction` });
  const found: StatementLine | undefined = settled.lines[line];
  if (!found) throw fail('not_found', { field: `${at}/line` });
  return { parties: state.parties, terms, settled, line: found };
}

/** A dispute on one line of a statement. It changes nothing there: what it comes to is a credit, a record of its own. */
export const roamingDispute = caseOf<DisputeFacts>({
  name: 'roaming.dispute',
  version: '1.0.0',
  summary: { 'zh-CN': '结算争议', en: 'Dispute on a statement' },
  blind: true,
  facts: shape({
    statement: OBJECT_ID,
    tariff: OBJECT_ID,
    direction: integer(0, 1),
    line: integer(0, 2047),
    claimed: QUANTITY,
  }),
  categories: {
    usage: { summary: { 'zh-CN': '用量', en: 'Usage' }, sla: 30 * DAY },
    price: { summary: { 'zh-CN': '价格', en: 'Price' }, sla: 30 * DAY },
    file: { summary: { 'zh-CN': '文件', en: 'File' }, sla: 14 * DAY },
  },
  outcome: shape({ credit: QUANTITY }),
  credentials: OPERATOR,
  may: { open: ({ context }) => isOperator(context) },
  reads: {
    open: ({ data }) => {
      const { statement, tariff } = (data as OpenDispute).facts;
      return [
        { module: 'roaming.statement', id: statement },
        { module: 'roaming.iot', id: tariff },
      ];
    },
    // Without its facts, where the opening was erased.
    escalate: ({ state }) =>
      state?.facts.tariff === undefined ? [] : [{ module: 'roaming.iot', id: state.facts.tariff }],
  },
  check: ({ facts, context }) => {
    const { terms, line } = lineOf(facts, { context, at: '/facts' });
    if (terms.tariff.id !== facts.tariff) throw fail('not_found', { field: '/facts/tariff' });
    if (compare(facts.claimed, line.amount) > 0 || compare(facts.claimed, '0') <= 0)
      throw fail('out_of_range', { field: '/facts/claimed' });
  },
  checks: {
    open: ({ data, context }) => {
      const { facts, evidence = [], parties = [] } = data as OpenDispute;
      if (evidence.length === 0) throw refuse('/evidence', 'required');
      const { parties: two } = lineOf(facts, { context, at: '/facts' });
      const named = [...new Set([context.party, ...parties])].sort();
      if (named.join() !== two.join()) throw refuse('/parties', 'both of the statement');
    },
    assign: ({ state, data }) => {
      if (!state?.parties.includes((data as { to: string }).to)) throw refuse('/to', 'party');
    },
    // Whom both agreed on beforehand, and nobody else.
    escalate: ({ state, data, context }) => {
      const read = state && context.read('roaming.iot', state.facts.tariff);
      const arbiter = (read as AgreementState<Tariff> | undefined)?.agreed.at(-1)?.terms.arbiter;
      if (arbiter === undefined || arbiter !== (data as { to: string }).to)
        throw fail('permission_denied', { field: '/to' });
    },
    resolve: ({ state, data }) => {
      const { outcome } = data as { readonly outcome: { readonly credit: string } };
      if (state && compare(outcome.credit, state.facts.claimed) > 0)
        throw fail('out_of_range', { field: '/outcome/credit' });
    },
  },
});
