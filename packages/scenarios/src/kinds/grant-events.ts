import type { JsonObject, JsonSchema, Recorded } from '../module/module.ts';
import { DID, integer, list, nullable, prose, SECONDS, shape, text } from '../module/shapes.ts';
import { beginning, partiesOf } from './declaration.ts';
import type { Approval, GrantOf, GrantState } from './grant.ts';
import { confirmationOf, useOf } from './grant-schemas.ts';

const REASON = prose(2000);
const COUNT = integer(0, Number.MAX_SAFE_INTEGER);

export const grantEvents = <P extends JsonObject>(
  declaration: GrantOf<P>,
): { readonly [type: string]: JsonSchema } => ({
  requested: shape({
    scope: declaration.scope,
    grantee: DID,
    approvers: list(DID, 14),
    effect: shape({ from: SECONDS, until: nullable(SECONDS) }),
    limit: nullable(COUNT),
  }),
  approved: shape({ step: text(64), confirmation: confirmationOf(declaration) }, ['confirmation']),
  granted: shape({}),
  declined: shape({ reason: REASON }, ['reason']),
  used: shape({ use: useOf(declaration), number: COUNT }),
  revoked: shape({ reason: REASON }, ['reason']),
});

export const unknownGrant = <P>(event: Recorded): GrantState<P> => ({
  ...beginning(event),
  status: 'unknown',
  // Rules see no scope of a grant whose request is gone: `standingOf` says that it is unknown.
  scope: {} as P,
  requester: event.party,
  asker: event.actor,
  grantee: event.party,
  approvers: [],
  effect: { from: event.time, until: event.time },
  limit: 0,
  uses: 0,
  approvals: [],
  end: null,
});

type Requested<P> = Pick<GrantState<P>, 'scope' | 'grantee' | 'approvers' | 'effect' | 'limit'>;

/** Total: a permission whose request is gone never becomes active. */
export function evolveGrant<P>(state: GrantState<P>, event: Recorded): GrantState<P> {
  switch (event.type) {
    case 'requested': {
      const parties = partiesOf(...state.parties, ...event.parties);
      const asked = event.data as unknown as Requested<P>;
      const { scope, grantee, approvers, effect, limit } = asked;
      return { ...state, status: 'requested', parties, scope, grantee, approvers, effect, limit };
    }
    case 'approved':
      return { ...state, approvals: [...state.approvals, approvalOf(event)] };
    case 'granted':
      return { ...state, status: state.status === 'requested' ? 'active' : state.status };
    case 'used':
      return { ...state, uses: (event.data as { readonly number: number }).number };
    case 'declined':
    case 'revoked':
      return { ...state, status: event.type, end: endOf(event) };
    default:
      return state;
  }
}

const approvalOf = ({ data, party, actor, time }: Recorded): Approval => ({
  step: (data as { readonly step: string }).step,
  party,
  actor,
  time,
  confirmation: (data as { readonly confirmation?: JsonObject }).confirmation ?? null,
});

const endOf = ({ data, party, actor, time }: Recorded) => ({
  by: party,
  actor,
  time,
  reason: (data as { readonly reason?: string }).reason ?? null,
});
