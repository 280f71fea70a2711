import type { JsonObject, JsonSchema, Recorded } from '../module/module.ts';
import { DID, nullable, oneOf, SECONDS, shape } from '../module/shapes.ts';
import type { CaseOf, CaseState, CaseStatus, Evidence } from './case.ts';
import { EVIDENCE, TEXT } from './case-schemas.ts';
import { beginning, partiesOf } from './declaration.ts';

const SAID = { text: TEXT, evidence: EVIDENCE };
const OPTIONAL = ['text', 'evidence'];

export const caseEvents = <F extends JsonObject>({
  facts,
  categories,
  outcome,
}: CaseOf<F>): { readonly [type: string]: JsonSchema } => ({
  opened: shape({
    category: oneOf(...Object.keys(categories)),
    facts,
    evidence: EVIDENCE,
    due: nullable(SECONDS),
  }),
  reopened: shape({ due: nullable(SECONDS), ...SAID }, OPTIONAL),
  assigned: shape({ to: DID, person: DID, ...SAID }, ['person', ...OPTIONAL]),
  started: shape(SAID, OPTIONAL),
  commented: shape(SAID, ['evidence']),
  escalated: shape({ to: DID, ...SAID }, OPTIONAL),
  resolved: outcome ? shape({ outcome, ...SAID }, OPTIONAL) : shape(SAID, OPTIONAL),
  closed: shape(SAID, OPTIONAL),
  cancelled: shape(SAID, OPTIONAL),
});

export const unknownCase = <F>(event: Recorded): CaseState<F> => ({
  ...beginning(event),
  status: 'unknown',
  category: '',
  // Rules see no facts of a case whose opening is gone: its status is unknown, which no command moves on.
  facts: {} as F,
  opener: event.party,
  assignee: null,
  person: null,
  due: null,
  resolved: null,
  closed: null,
  level: 0,
  reopened: 0,
  comments: 0,
  evidence: [],
  outcome: null,
});

interface Data<F> {
  readonly category: string;
  readonly facts: F;
  readonly evidence?: readonly Evidence[];
  readonly due: number | null;
  readonly to: string;
  readonly person?: string;
  readonly outcome?: JsonObject;
}

/** Total: a case whose opening is gone keeps the status unknown. */
export function evolveCase<F>(before: CaseState<F>, event: Recorded): CaseState<F> {
  const data = event.data as unknown as Data<F>;
  const state = {
    ...before,
    parties: partiesOf(...before.parties, ...event.parties),
    evidence: withEvidence(before.evidence, data.evidence ?? []),
  };
  switch (event.type) {
    case 'opened': {
      const { category, facts, due } = data;
      return { ...state, status: 'open', category, facts, due, opener: event.party };
    }
    case 'commented':
      return { ...state, comments: state.comments + 1 };
    case 'escalated':
      return { ...state, level: state.level + 1 };
    case 'assigned': {
      const status = nextStatus(state, 'assigned');
      return { ...state, status, assignee: data.to, person: data.person ?? null };
    }
    case 'started':
      return { ...state, status: nextStatus(state, 'inProgress') };
    default:
      return ended(state, event);
  }
}

function ended<F>(state: CaseState<F>, event: Recorded): CaseState<F> {
  const { due, outcome = null } = event.data as unknown as Data<F>;
  switch (event.type) {
    case 'resolved':
      return { ...state, status: nextStatus(state, 'resolved'), resolved: event.time, outcome };
    case 'closed':
    case 'cancelled':
      return { ...state, status: nextStatus(state, event.type), closed: event.time };
    case 'reopened': {
      const status = nextStatus(state, state.assignee === null ? 'open' : 'assigned');
      return { ...state, status, due, resolved: null, closed: null, reopened: state.reopened + 1 };
    }
    default:
      return state;
  }
}

const nextStatus = <F>({ status }: CaseState<F>, next: CaseStatus): CaseStatus =>
  status === 'unknown' ? status : next;

/** Links that a state keeps, each once; all are in the lines. */
const MAX_EVIDENCE = 64;

function withEvidence(known: readonly Evidence[], further: readonly Evidence[]): readonly Evidence[] {
  const isKnown = ({ module, id }: Evidence): boolean =>
    known.some((one) => one.module === module && one.id === id);
  return [...known, ...further.filter((one) => !isKnown(one))].slice(0, MAX_EVIDENCE);
}
