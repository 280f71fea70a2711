import { fail } from '../errors.ts';
import type { LogMirror } from './log-mirror.ts';

/** The same mirror for so long: then it answers no more, and another is asked. A request under way is waited for. */
export function patientWith(mirror: LogMirror, milliseconds: number): LogMirror {
  const end = AbortSignal.timeout(milliseconds);
  const inTime =
    <A extends readonly unknown[], T>(ask: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      if (end.aborted) throw fail('ledger_unreachable', { detail: 'the mirror is too slow' });
      return ask(...given);
    };
  return {
    url: mirror.url,
    checkpoint: inTime(mirror.checkpoint),
    blocks: inTime(mirror.blocks),
    entries: inTime(mirror.entries),
    tile: inTime(mirror.tile),
    attachment: inTime(mirror.attachment),
  };
}
