import type { AgreementState } from '../../kinds/agreement.ts';
import type { StatementTerms } from './statement-schema.ts';

/** What became of a statement beside its signatures, unix seconds. */
export type Billing = {
  readonly version: number;
  readonly received?: number;
  readonly paid?: { readonly time: number; readonly reference: string };
  readonly confirmed?: number;
};

export type StatementState = AgreementState<StatementTerms> & { readonly billing?: Billing };

/** Of the newest text: one that takes the place of another begins anew. */
export const billingOf = (state: AgreementState<StatementTerms>): Billing => {
  const { billing } = state as StatementState;
  const version = (state.pending ?? state.agreed.at(-1))?.version ?? 0;
  return billing?.version === version ? billing : { version };
};
