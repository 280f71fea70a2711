import { CURRENCY } from '../../decimal/money.ts';
import { fail } from '../../errors.ts';
import { agreement } from '../../kinds/agreement.ts';
import type { CaseState } from '../../kinds/case.ts';
import { DID, integer, OBJECT_ID, shape } from '../../module/shapes.ts';
import { isOperator, OPERATOR } from '../credentials.ts';
import { QUANTITY } from '../quantity.ts';
import { refuse } from '../xml/element.ts';
import { type DisputeFacts, lineOf } from './dispute.ts';

export type CreditTerms = {
  readonly dispute: string;
  /** Line that it corrects: the line itself stays as it is. */
  readonly statement: string;
  readonly direction: number;
  readonly line: number;
  readonly payer: string;
  readonly payee: string;
  readonly amount: string;
  readonly currency: string;
};

const reads = ({ data }: { readonly data: unknown }) => {
  const { dispute, statement } = (data as { terms: CreditTerms }).terms;
  return [
    { module: 'roaming.dispute', id: dispute },
    { module: 'roaming.statement', id: statement },
  ];
};

/** What one party gives back for a line, as a dispute came out; a later statement takes it in, once. */
export const roamingCredit = agreement<CreditTerms>({
  name: 'roaming.credit',
  version: '1.0.0',
  summary: { 'zh-CN': '贷项', en: 'Credit for a line of a statement' },
  blind: true,
  terms: shape({
    dispute: OBJECT_ID,
    statement: OBJECT_ID,
    direction: integer(0, 1),
    line: integer(0, 2047),
    payer: DID,
    payee: DID,
    amount: QUANTITY,
    currency: CURRENCY,
  }),
  size: { min: 2, max: 2 },
  credentials: OPERATOR,
  reads: { propose: reads, counter: reads },
  may: { propose: ({ context }) => isOperator(context) },
  check: ({ terms, parties, context }) => {
    const { parties: two, settled, terms: billed } = lineOf(terms, { context, at: '/terms' });
    const dispute = context.read('roaming.dispute', terms.dispute) as CaseState<DisputeFacts> | undefined;
    const isSame = (['statement', 'direction', 'line'] as const).every(
      (field) => dispute?.facts[field] === terms[field],
    );
    if (!dispute || !isSame || two.join() !== parties.join())
      throw fail('not_found', { field: '/terms/dispute' });
    if (!['resolved', 'closed'].includes(dispute.status)) throw fail('conflict', { field: '/terms/dispute' });
    if (dispute.outcome?.credit !== terms.amount) throw refuse('/terms/amount', 'as the dispute came out');
    if (terms.currency !== billed.result.currency)
      throw fail('currency_mismatch', { field: '/terms/currency' });
    // Who was paid too much gives back.
    if (terms.payee !== settled.home || terms.payer === settled.home || !parties.includes(terms.payer))
      throw refuse('/terms/payer', 'who was to be paid');
  },
  final: true,
  holds: ({ terms }) => [`credit|${terms.dispute}`],
});
