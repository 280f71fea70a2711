import { fail } from '../../errors.ts';

const LAST = 99_999;

/** Number of the file that must come next; after 99999 comes 00001. Without files, 00001 or whatever comes first. */
export const sequenceAfter = (last: string): string =>
  String(Number(last) === LAST ? 1 : Number(last) + 1).padStart(5, '0');

/**
 * Whether a TAP file is the next one of its sender for its recipient.
 * @param last number of the last file, null before the first
 * @throws AppError sequence_repeated, sequence_gap with the number that is `missing`
 */
export function checkSequence(last: string | null, number: string, field = '/fileSequenceNumber'): void {
  if (last === null || number === sequenceAfter(last)) return;
  // Numbers go round: what lies less than half a round behind was sent before.
  const behind = (Number(last) - Number(number) + LAST) % LAST;
  if (behind < LAST / 2) throw fail('sequence_repeated', { field, extra: { last } });
  throw fail('sequence_gap', { field, extra: { missing: sequenceAfter(last) } });
}
