import { type AppError, isAppError } from '@attestel/core';
import type { PalletEntry, PalletItem } from './pallet.ts';
import type { Rejected } from './rejected-table.ts';
import type { Published } from './submission-report.ts';

export type Ready = Extract<PalletEntry, { item: PalletItem }>;

/** What one request may hold (specs/pki.md §6), with room for its head. */
const MOST_ITEMS = 10_000;
const MOST_CHARACTERS = 20_000_000;

export interface PartAnswer {
  readonly published: readonly Published[];
  readonly rejected: readonly Rejected[];
}

/** What ended it before all were answered. */
export interface Stopped {
  readonly error: AppError;
  /** Those that were not answered; of the first of them it may still be that they are published. */
  readonly files: readonly string[];
}

export interface PartsAnswer extends PartAnswer {
  readonly stopped: Stopped | undefined;
}

/** As few requests as hold them all, in their order. */
export function partsOf(entries: readonly Ready[], mostItems = MOST_ITEMS): readonly (readonly Ready[])[] {
  const parts: Ready[][] = [];
  let left = 0;
  for (const entry of entries) {
    const size = JSON.stringify(entry.item).length + 1;
    if (parts.length === 0 || size > left || parts.at(-1)?.length === mostItems) {
      parts.push([]);
      left = MOST_CHARACTERS;
    }
    parts.at(-1)?.push(entry);
    left -= size;
  }
  return parts;
}

/**
 * Sends one part after the other. What earlier ones published is told, whatever becomes of a later one; after that, none is sent.
 * @throws what refuses the first one as a whole
 */
export async function sendParts(
  parts: readonly (readonly Ready[])[],
  send: (part: readonly Ready[]) => Promise<PartAnswer>,
): Promise<PartsAnswer> {
  const published: Published[] = [];
  const rejected: Rejected[] = [];
  for (const [number, part] of parts.entries())
    try {
      const answer = await send(part);
      published.push(...answer.published);
      rejected.push(...answer.rejected);
    } catch (error) {
      if (number === 0 || !isAppError(error)) throw error;
      const files = parts.slice(number).flatMap((unanswered) => unanswered.map(({ file }) => file));
      return { published, rejected, stopped: { error, files } };
    }
  return { published, rejected, stopped: undefined };
}
