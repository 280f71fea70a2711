import { isAppError, type JsonValue } from '@attestel/core';
import { type DeviceMove, type DeviceRecord, fromEpcis, planMove } from '@attestel/scenarios';
import type { ContractCaller } from '../contract/contract-call.ts';

const ITEM = 'device.item@1';

/** What became of one event of a document. */
export interface ImportedMove {
  /** JSON pointer of the event. */
  readonly event: string;
  readonly id: string;
  /** Command by which it was taken, or that it was there already. */
  readonly done?: string;
  /** Code; `after_refused`: an event of the same device before it was refused. */
  readonly refused?: string;
}

/**
 * Brings what an EPCIS document says of devices that are registered into the register, in the order of the events' times. What is
 * there already is left. @throws AppError invalid_argument with a pointer, before anything is done; unavailable
 */
export async function importMoves(
  caller: ContractCaller,
  document: JsonValue,
): Promise<readonly ImportedMove[]> {
  const moves = fromEpcis(document).map((move, i) => ({ move, event: `/epcisBody/eventList/${i}` }));
  moves.sort((a, b) => a.move.time - b.move.time);
  const stopped = new Set<string>();
  const imported: ImportedMove[] = [];
  for (const { move, event } of moves) {
    const { id } = move;
    const became = stopped.has(id) ? { refused: 'after_refused' } : await importMove(caller, move);
    if ('refused' in became) stopped.add(id);
    imported.push({ event, id, ...became });
  }
  return imported;
}

async function importMove(
  { call }: ContractCaller,
  move: DeviceMove,
): Promise<{ readonly done: string } | { readonly refused: string }> {
  const { id } = move;
  try {
    const { state, head } = (await call(ITEM, [id])) as DeviceRecord & { readonly head: string };
    const planned = planMove(move, state);
    if (planned === 'known') return { done: planned };
    if (planned === 'out_of_order') return { refused: planned };
    const { command, data } = planned;
    const query = new URLSearchParams({ id, head });
    await call(ITEM, [command], { method: 'POST', query, body: data });
    return { done: command };
  } catch (error) {
    if (!isAppError(error) || error.kind === 'unavailable') throw error;
    return { refused: error.code };
  }
}
