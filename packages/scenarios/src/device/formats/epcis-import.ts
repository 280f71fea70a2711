import { instantOf, instantText } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import type { DeviceRecord } from './device-facts.ts';
import type { DeviceMove } from './epcis.ts';

/** A command of `device.item` by which a move gets into the register. */
export interface MoveCommand {
  readonly command: 'transition' | 'retire' | 'attach' | 'detach';
  readonly data: JsonObject;
}

/**
 * `known`: the register has the move, by its own time or by an import before; `out_of_order`: the register has a later one, or no
 * longer keeps what was then: done now, the device would be where it was once.
 */
export type PlannedMove = MoveCommand | 'known' | 'out_of_order';

type State = DeviceRecord['state'];

/** Steps and stays that a state keeps. */
const KEPT = 50;
const REASON = /^EPCIS (\S+)$/;

/** What an imported move says as its reason: the time of its event, by which it is known when it comes again. */
const reasonOf = ({ time }: DeviceMove): string => `EPCIS ${instantText(time)}`;

/** What is to be done for a move, so that a document that comes twice changes nothing the second time. Pure. */
export function planMove(move: DeviceMove, state: State): PlannedMove {
  if (isKnown(move, state)) return 'known';
  return move.time < lastTime(state) ? 'out_of_order' : commandOf(move);
}

function isKnown(move: DeviceMove, { steps, stays }: State): boolean {
  const isIt = (time: number | null, reason: string | null) =>
    time === move.time || reason === reasonOf(move);
  if ('status' in move)
    // What is registered was procured, whenever that was.
    return (
      move.status === 'procured' ||
      steps.some(({ status, time, reason }) => status === move.status && isIt(time, reason))
    );
  return stays.some(({ parent, slot, from, until, reason, removal }) => {
    const isThere = parent === move.parent && slot === move.slot;
    return isThere && (move.into ? isIt(from, reason) : until !== null && isIt(until, removal));
  });
}

/** Time of the last move that the register has, as its event says it, or as the ledger does where there is none. */
function lastTime({ steps, stays }: State): number {
  const timeOf = (time: number, reason: string | null): number => {
    const [, said] = REASON.exec(reason ?? '') ?? [];
    return said === undefined ? time : instantOf(said, '/reason');
  };
  const isCut = steps.length >= KEPT || stays.length >= KEPT;
  // When it was registered says nothing of when it was moved before.
  const moves = isCut ? steps : steps.filter(({ status }) => status !== 'procured');
  return Math.max(
    0,
    ...moves.map(({ time, reason }) => timeOf(time, reason)),
    ...stays.flatMap(({ from, until, reason, removal }) => [
      timeOf(from, reason),
      until === null ? 0 : timeOf(until, removal),
    ]),
  );
}

function commandOf(move: DeviceMove): MoveCommand {
  const reason = reasonOf(move);
  if ('status' in move)
    return move.status === 'retired'
      ? { command: 'retire', data: { reason } }
      : { command: 'transition', data: { to: move.status, reason } };
  return move.into
    ? { command: 'attach', data: { parent: move.parent, slot: move.slot, reason } }
    : { command: 'detach', data: { reason } };
}
