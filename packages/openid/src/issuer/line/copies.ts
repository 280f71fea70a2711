import type { LineState } from './state.ts';

/** What an issued copy remembers of the line at issuance: enough to know its status ever after. */
export interface CopyOrigin {
  readonly person: number;
  readonly binding: number;
  readonly sim: number;
  readonly reissue: number;
}

/** Token Status List values (§7.1) as two bits: 3 is ours, within the application-specific range. */
export type CopyStatus = 'valid' | 'revoked' | 'suspended' | 'sim-changed';

/** Origin of copies issued now. @throws TypeError when nothing is bound: `bind` comes first */
export function copyOrigin(state: LineState): CopyOrigin {
  const binding = state.pending ?? state.binding;
  if (binding === null) throw new TypeError('line: no binding to issue to');
  return { person: state.person, binding: binding.no, sim: state.sim, reissue: state.reissue };
}

/**
 * Status of a copy under a state. Revoked is final by construction: persons and bindings are numbered
 * once and never come back; the other two end when their cause ends.
 */
export function copyStatus(state: LineState, copy: CopyOrigin): CopyStatus {
  if (state.handle === null || state.phase === 'ported-out') return 'revoked';
  if (copy.person !== state.person) return 'revoked';
  const standing = copy.binding === state.binding?.no;
  if (!standing && copy.binding !== state.pending?.no) return 'revoked';
  if (state.phase === 'suspended') return 'suspended';
  if (copy.sim < state.sim) return 'sim-changed';
  if (standing && (state.pending !== null || copy.reissue < state.reissueFloor)) return 'suspended';
  return 'valid';
}

/** Whether every copy has the same status under both states: they agree in all that {@link copyStatus} asks. */
export const haveSameStatuses = (a: LineState, b: LineState): boolean => statusBasis(a) === statusBasis(b);

const statusBasis = ({ handle, phase, person, binding, pending, sim, reissueFloor }: LineState): string =>
  JSON.stringify([handle === null, phase, person, binding?.no, pending?.no, sim, reissueFloor]);
