import type { JsonObject, JsonSchema, Recorded } from '../module/module.ts';
import { integer, nullable, prose, SECONDS, shape } from '../module/shapes.ts';
import type { AgreementState, Body } from './agreement.ts';
import { beginning, partiesOf } from './declaration.ts';

const VERSION = integer(1, 1_000_000);

interface Declared {
  readonly terms: JsonSchema;
  readonly final?: boolean;
  readonly holds?: unknown;
}

export const agreementEvents = ({
  terms,
  final,
  holds,
}: Declared): { readonly [type: string]: JsonSchema } => ({
  proposed: shape({
    version: VERSION,
    terms,
    from: SECONDS,
    until: nullable(SECONDS),
    quorum: integer(1, 16),
  }),
  signed: shape({ version: VERSION }),
  agreed: shape({ version: VERSION }),
  rejected: shape({ version: VERSION, reason: prose(2000) }, ['reason']),
  withdrawn: shape({ version: VERSION }),
  ...(final ? {} : { terminated: shape({ from: SECONDS, reason: prose(2000) }, ['reason']) }),
  ...(final || !holds ? {} : { released: shape({}) }),
});

export const unknownAgreement = <T>(event: Recorded): AgreementState<T> => ({
  ...beginning(event),
  status: 'unknown',
  quorum: 0,
  agreed: [],
  pending: null,
  versions: 0,
  end: null,
  held: [],
});

/** Total: where earlier payloads are gone, what hangs on them is left as it is. */
export function evolveAgreement<T>(state: AgreementState<T>, event: Recorded): AgreementState<T> {
  const { hold = [], release = [] } = event;
  const held = [...state.held.filter((key) => !release.includes(key)), ...hold];
  return { ...moved(state, event), held };
}

function moved<T>(state: AgreementState<T>, event: Recorded): AgreementState<T> {
  switch (event.type) {
    case 'proposed':
      return withProposal(state, event);
    case 'signed':
      return withSignature(state, event);
    case 'agreed':
      return withAgreed(state);
    case 'rejected':
    case 'withdrawn':
      return { ...state, pending: null, status: state.agreed.length > 0 ? state.status : event.type };
    case 'terminated':
      return withEnd(state, event);
    default:
      return state;
  }
}

const signatureOf = ({ party, actor, time }: Recorded) => ({ party, actor, time });

function withProposal<T>(state: AgreementState<T>, event: Recorded): AgreementState<T> {
  const { quorum, ...body } = event.data as unknown as Omit<Body<T>, 'by' | 'signed'> & { quorum: number };
  const pending: Body<T> = { ...body, by: event.party, signed: [signatureOf(event)] };
  const status = state.status === 'unknown' ? 'proposed' : state.status;
  return {
    ...state,
    status,
    parties: partiesOf(...state.parties, ...event.parties),
    quorum,
    pending,
    versions: body.version,
  };
}

function withSignature<T>(state: AgreementState<T>, event: Recorded): AgreementState<T> {
  const { pending } = state;
  if (!pending) return state;
  return { ...state, pending: { ...pending, signed: [...pending.signed, signatureOf(event)] } };
}

function withAgreed<T>(state: AgreementState<T>): AgreementState<T> {
  const { pending, agreed } = state;
  return { ...state, status: 'agreed', agreed: pending ? [...agreed, pending] : agreed, pending: null };
}

function withEnd<T>(state: AgreementState<T>, event: Recorded): AgreementState<T> {
  const { from, reason } = event.data as JsonObject & { from: number; reason?: string };
  const end = { by: event.party, from, reason: reason ?? null };
  return { ...state, status: 'terminated', pending: null, end };
}
