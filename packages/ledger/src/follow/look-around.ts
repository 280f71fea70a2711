import { setTimeout } from 'node:timers/promises';
import { ProofError } from '@attestel/proof';
import type { LogMirror } from './log-mirror.ts';
import { type LogTrust, openSignedNote, type SignedHead } from './signed-head.ts';

/** What a mirror said when it was asked for its checkpoint. */
export type Look =
  | { readonly mirror: LogMirror; readonly signed: SignedHead }
  | { readonly mirror: LogMirror; readonly error: unknown };

/** A round waits so long for the slowest mirror: none may hold up what the others have. */
const PATIENCE_MILLISECONDS = 500;

/**
 * Asks every mirror for its checkpoint, once at a time. What comes late counts in the next round.
 * @param height of this node's head
 */
export function createLookAround(
  mirrors: readonly LogMirror[],
  trust: LogTrust,
  height: () => number,
): () => Promise<readonly Look[]> {
  const asked = new Map<LogMirror, Promise<void>>();
  const answers: Look[] = [];
  const ask = async (mirror: LogMirror): Promise<void> => {
    try {
      answers.push({ mirror, signed: await newestSigned(mirror, trust, height()) });
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

/**
 * The newest checkpoint of a mirror; where the witnesses sign for the log and have not done so yet, as on a ledger that has
 * a block every moment, the newest of the next blocks that they have. @throws what openSignedNote and the mirror throw
 */
async function newestSigned(mirror: LogMirror, trust: LogTrust, height: number): Promise<SignedHead> {
  try {
    return openSignedNote(await mirror.checkpoint(), trust);
  } catch (error) {
    if (!(error instanceof ProofError && error.code === 'quorum_not_met')) throw error;
    const blocks = await mirror.blocks(height + 1).catch(() => []);
    for (const { checkpoint } of blocks.toReversed()) {
      const signed = signedIn(checkpoint, trust);
      if (signed) return signed;
    }
    throw error;
  }
}

function signedIn(note: string, trust: LogTrust): SignedHead | undefined {
  try {
    return openSignedNote(note, trust);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}
