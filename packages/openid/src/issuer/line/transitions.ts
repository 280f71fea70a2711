import type { LineEventType } from './events.ts';
import type { LinePhase } from './state.ts';

/**
 * Every legal step, as data: the phase an event may meet and the phase it leaves. What is not here is
 * refused. The table in specs/line-and-person.md is this one; a test compares them.
 */
export const LINE_TRANSITIONS: Readonly<
  Record<LineEventType, Readonly<Partial<Record<LinePhase, LinePhase>>>>
> = {
  activate: { ordered: 'active' },
  'port-in': { ordered: 'active' },
  'sim-swap': { active: 'active', suspended: 'suspended' },
  loss: { active: 'suspended' },
  're-issue': { active: 'active', suspended: 'active' },
  suspend: { active: 'suspended' },
  resume: { suspended: 'active' },
  transfer: { active: 'active', vacant: 'active' },
  terminate: {
    ordered: 'terminated',
    active: 'terminated',
    suspended: 'terminated',
    vacant: 'terminated',
  },
  death: { active: 'vacant', suspended: 'vacant' },
  corporate: { ordered: 'ordered', active: 'active', suspended: 'suspended' },
  recycle: { terminated: 'released' },
  'port-out': { active: 'ported-out' },
  bind: { active: 'active' },
  'new-device': { active: 'active' },
  veto: { active: 'suspended', suspended: 'suspended' },
};

/** Events that end the handle: this person on this line is over. */
export const HANDLE_ENDS: readonly LineEventType[] = ['transfer', 'terminate', 'death'];
