import { setTimeout } from 'node:timers/promises';
import type { LogMirror } from './log-mirror.ts';
import { type LogTrust, openSignedNote, type SignedHead } from './signed-head.ts';

/** What a mirror said when it was asked for its checkpoint. */
export type Look =
  | { readonly mirror: LogMirror; readonly signed: SignedHead }
  | { readonly mirror: LogMirror; readonly error: unknown };

/** A round waits so long for the slowest mirror: none may hold up what the others have. */
const PATIENCE_MILLISECONDS = 500;

/** Asks every mirror for its checkpoint, once at a time. What comes late counts in the next round. */
export function createLookAround(
  mirrors: readonly LogMirror[],
  trust: LogTrust,
): () => Promise<readonly Look[]> {
  const asked = new Map<LogMirror, Promise<void>>();
  const answers: Look[] = [];
  const ask = async (mirror: LogMirror): Promise<void> => {
    try {
      answers.push({ mirror, signed: openSignedNote(await mirror.checkpoint(), trust) });
    } catch (error) {
      answers.push({ mirror, error });
    }
    asked.delete(mirror);
  };
  return async () => {
    for (const mirror of mirrors) if (!asked.has(mirror)) asked.set(mirror, ask(mirror));
    const enough = new AbortController();
    const patience = setTimeout(PATIENCE_MILLISECONDS, undefined, { signal: enough.signal }).catch(() => {});
    await Promise.race([Promise.all(asked.values()), patience]);
    enough.abort();
    // In the order of the mirrors, so that the ordering node comes first.
    return answers.splice(0).sort((a, b) => mirrors.indexOf(a.mirror) - mirrors.indexOf(b.mirror));
  };
}
