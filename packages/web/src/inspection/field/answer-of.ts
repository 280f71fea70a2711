import type { Sent } from './hand-in.ts';
import type { Refusal, Visit } from './queue.ts';

/** An answer of the contract call, read leniently: what it does not say is not known. */
export interface NodeAnswer {
  readonly status: number;
  readonly body: unknown;
}

const ITEM = /^\/items\/(\d{1,3})(\/.*)?$/;
/** The node is not at its best, or this phone is not known to it at present: nothing is said about the visits. */
const LATER = [401, 408, 425, 429];
const LATER_CODES = ['disputed', 'head_conflict'];

const isForLater = (status: number, code: string, field: string): boolean =>
  status >= 500 || LATER.includes(status) || LATER_CODES.includes(code) || (status === 404 && field === '');

/** What the node said about a batch. A conflict of its head: the number is taken, or one before it is missing. */
export function sentOf({ status, body }: NodeAnswer, batch: readonly Visit[]): Sent {
  if (status === 200 || status === 201) return takenOf(body, batch.length);
  const { code, field } = problemOf(body);
  if (code === null || isForLater(status, code, field))
    return { kind: 'unanswered', code: code ?? `http_${status}` };
  if (status === 409 && field === '/head') return { kind: 'repeated' };
  const [, place, rest] = ITEM.exec(field) ?? [];
  const item = place === undefined ? null : Number(place);
  const refusal: Refusal = { code, field: rest ?? (item === null ? field : '') };
  return { kind: 'refused', item: item !== null && item < batch.length ? item : null, refusal };
}

/** An answer that cannot be read says no more than none at all: the next attempt finds out. */
function takenOf(body: unknown, count: number): Sent {
  const { line, events } = (body ?? {}) as { line?: unknown; events?: unknown };
  const [event] = Array.isArray(events) ? (events as readonly { data?: unknown }[]) : [];
  const { first, flagged } = (event?.data ?? {}) as { first?: unknown; flagged?: unknown };
  if (typeof line !== 'string' || typeof first !== 'number' || !Array.isArray(flagged))
    return { kind: 'unanswered', code: 'answer_unreadable' };
  const flags = Array.from({ length: count }, (_, i) => flagsOf(flagged, first + i));
  return { kind: 'taken', flags, line };
}

const flagsOf = (
  flagged: readonly { item?: unknown; flags?: unknown }[],
  item: number,
): readonly string[] => {
  const found = flagged.find((one) => one.item === item)?.flags;
  return Array.isArray(found) ? found.filter((flag) => typeof flag === 'string') : [];
};

/** RFC 9457, as the node's endpoints write it. */
export function problemOf(body: unknown): { readonly code: string | null; readonly field: string } {
  const { code, field } = (body ?? {}) as { code?: unknown; field?: unknown };
  return { code: typeof code === 'string' ? code : null, field: typeof field === 'string' ? field : '' };
}
