import type { LineEvent, LineRefusal } from './events.ts';
import type { Binding, LinePolicy, LineState } from './state.ts';
import { LINE_TRANSITIONS } from './transitions.ts';

export type LineDecision =
  | {
      readonly ok: true;
      readonly state: LineState;
      /** Handle this event ended, if it ended one. */
      readonly endedHandle: string | null;
    }
  | { readonly ok: false; readonly refusal: LineRefusal };

/** 32 bytes in base64url: 43 characters, the last of which has its two low bits zero. */
const HANDLE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/**
 * The line-and-person machine: total, pure, deterministic. A refused event changes nothing.
 * Waiting re-bindings whose time is over are settled before the event is looked at.
 */
export function decideLine(before: LineState, event: LineEvent, policy: LinePolicy): LineDecision {
  // A clock that was set back must not make a waiting time longer or shorter.
  const at = Math.max(event.at, before.changedAt);
  const state = settleLine(before, at);
  const phase = LINE_TRANSITIONS[event.type][state.phase];
  if (phase === undefined) return refuse('not-in-this-phase');
  const change = changeOf(state, event, at, policy);
  if (typeof change === 'string') return refuse(change);
  const next: LineState = { ...state, ...change, phase, changedAt: at };
  const ended = state.handle !== null && next.endedHandles.includes(state.handle) ? state.handle : null;
  return { ok: true, state: next, endedHandle: ended };
}

/** A re-binding whose waiting time is over becomes the binding; the old key's copies are void then. */
export function settleLine(state: LineState, at: number): LineState {
  if (state.pending === null || at < state.pending.until) return state;
  const { until: _, ...binding } = state.pending;
  return { ...state, binding, pending: null, reissueFloor: 0 };
}

type Change = Partial<LineState>;

const refuse = (refusal: LineRefusal): LineDecision => ({ ok: false, refusal });

function changeOf(state: LineState, event: LineEvent, at: number, policy: LinePolicy): Change | LineRefusal {
  switch (event.type) {
    case 'activate':
      return newPerson(state, event.handle, at);
    case 'port-in':
      return arrivedPerson(state, event.handle, at);
    case 'transfer':
      return newPerson(state, event.handle, at);
    case 'sim-swap':
      return { sim: state.sim + 1, simChangedAt: at };
    case 'loss':
      return { suspension: 'loss' };
    case 'suspend':
      return { suspension: event.reason };
    case 'resume':
      return { suspension: null };
    case 're-issue':
      return reissue(state);
    case 'death':
      return withoutPerson(state);
    case 'terminate':
      return { ...withoutPerson(state), quarantineUntil: at + policy.quarantineSeconds };
    case 'corporate':
      return { corporate: event.corporate };
    case 'recycle':
      return at < (state.quarantineUntil ?? 0) ? 'quarantine-not-over' : {};
    case 'port-out':
      return portOut(state);
    case 'bind':
      return bind(state, event.key, at);
    case 'new-device':
      return rebind(state, event, at, policy);
    case 'veto':
      return veto(state, event.key);
  }
}

/** Someone comes to the line who was not on it: new handle, no key of an earlier person counts. */
function newPerson(state: LineState, handle: string, at: number): Change | LineRefusal {
  const refusal = handleRefusal(state, handle);
  if (refusal !== null) return refusal;
  return {
    ...withoutPerson(state),
    handle,
    person: state.person + 1,
    personSince: at,
    simChangedAt: state.simChangedAt ?? at,
  };
}

/**
 * The same person arrives from another operator with the same handle. The key is bound over there, so
 * whoever takes credentials here re-binds without the old key: a stolen port is delayed and visible.
 */
function arrivedPerson(state: LineState, handle: string, at: number): Change | LineRefusal {
  const change = newPerson(state, handle, at);
  if (typeof change === 'string') return change;
  const no = state.lastBinding + 1;
  // CAMARA SIM Swap counts a port as a swap.
  return { ...change, simChangedAt: at, lastBinding: no, binding: { no, key: null, at } };
}

function withoutPerson(state: LineState): Change {
  return {
    handle: null,
    endedHandles: state.handle === null ? state.endedHandles : [...state.endedHandles, state.handle],
    personSince: null,
    binding: null,
    pending: null,
    reissueFloor: 0,
    suspension: null,
  };
}

function handleRefusal(state: LineState, handle: string): LineRefusal | null {
  if (!HANDLE.test(handle)) return 'handle-malformed';
  return handle === state.handle || state.endedHandles.includes(handle) ? 'handle-used-before' : null;
}

/** Copies made so far are set aside, not revoked: the old key can still veto what follows. */
function reissue(state: LineState): Change | LineRefusal {
  if (state.phase === 'suspended' && state.suspension !== 'loss') return 'not-lost';
  const no = state.reissue + 1;
  return { reissue: no, reissueFloor: no, suspension: null };
}

/** A line in dispute does not leave: the usual defence against port-out fraud. The handle goes along. */
function portOut(state: LineState): Change | LineRefusal {
  return state.pending !== null ? 'rebinding-pending' : { binding: null, suspension: null };
}

function bind(state: LineState, key: string, at: number): Change | LineRefusal {
  if (state.pending !== null) return state.pending.key === key ? {} : 'rebinding-pending';
  if (state.binding === null) return nextBinding(state, key, at);
  return state.binding.key === key ? {} : 'key-not-bound';
}

function rebind(
  state: LineState,
  event: { key: string; oldKey: boolean },
  at: number,
  policy: LinePolicy,
): Change | LineRefusal {
  if (state.binding === null) return 'nothing-bound';
  if (event.key === (state.pending ?? state.binding).key) return 'key-is-bound';
  // The old key agrees: nothing waits, and the time of the last unapproved change stays what it was.
  if (event.oldKey) {
    return { ...nextBinding(state, event.key, state.binding.at), pending: null, reissueFloor: 0 };
  }
  // Back to the bound key while another waits: that is a veto, and has to be said.
  if (event.key === state.binding.key) return 'rebinding-pending';
  const no = state.lastBinding + 1;
  return { lastBinding: no, pending: { no, key: event.key, at, until: at + policy.rebindDelaySeconds } };
}

function nextBinding(state: LineState, key: string, at: number): { lastBinding: number; binding: Binding } {
  const no = state.lastBinding + 1;
  return { lastBinding: no, binding: { no, key, at } };
}

/**
 * The new keys' copies are void. Two people claim the line then, so it rests until the operator has
 * looked: a thief who vetoes with a stolen phone gains nothing by it.
 */
function veto(state: LineState, key: string): Change | LineRefusal {
  if (state.pending === null || state.binding === null) return 'nothing-pending';
  if (state.binding.key !== key) return 'not-the-bound-key';
  return { pending: null, reissueFloor: 0, suspension: 'dispute' };
}
