import type { JsonObject, ModuleEvent } from '../module/module.ts';
import type { AgreementOf, AgreementState } from './agreement.ts';

/** What an agreement is about to be: enough to tell which keys it needs. */
export type Keeping<T> = Pick<AgreementState<T>, 'agreed' | 'end' | 'parties' | 'held'>;

/**
 * Keys to take and to give back, so that the agreement has those of every text that counts at that time or later: what
 * ends later is held until then, and a text that begins later has its keys already. Where it is final, of every text.
 */
export function keyChange<T extends JsonObject>(
  { holds, final = false }: AgreementOf<T>,
  state: Keeping<T>,
  at: number,
): Pick<ModuleEvent, 'hold' | 'release'> {
  if (!holds) return {};
  const { parties, held } = state;
  const counting = state.agreed.filter((_, index) => final || countsFrom(state, index, at));
  const needed = new Set(counting.flatMap(({ terms }) => holds({ terms, parties })));
  const hold = [...needed].filter((key) => !held.includes(key));
  const release = held.filter((key) => !needed.has(key));
  return {
    ...(hold.length > 0 ? { hold } : {}),
    ...(release.length > 0 ? { release } : {}),
  };
}

/** Whether that text is in force at that time or at a later one: until it ends, or one agreed after it begins. */
function countsFrom<T>({ agreed, end }: Keeping<T>, index: number, at: number): boolean {
  const body = agreed[index];
  if (!body) return false;
  const begins = Math.max(at, body.from);
  const later = agreed.slice(index + 1).map(({ from }) => from);
  return [body.until, end?.from ?? null, ...later].every((ends) => ends === null || begins < ends);
}
