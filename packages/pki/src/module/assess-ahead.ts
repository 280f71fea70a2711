import { decodeCbor } from '@attestel/core';
import { taskUrl } from '@attestel/ledger';
import type { AssessAhead, Assessment } from './assess.ts';
import type { AssessTask } from './assess-task.ts';

const TASK = taskUrl('./assess-task', import.meta.url);
/** So many certificates cost a few hundredths of a second: other work of a thread waits no longer. */
const MAX_ITEMS_AT_ONCE = 100;
/** Fewer are not worth their way to another thread. */
const MIN_ITEMS_AT_ONCE = 16;
/** A small submission is not left to one thread. */
const SHARES = 2;

const itemsAtOnce = (count: number): number =>
  Math.min(MAX_ITEMS_AT_ONCE, Math.max(MIN_ITEMS_AT_ONCE, Math.ceil(count / SHARES)));

type Part = readonly [head: Omit<Assessment, 'items'>, items: Assessment['items']];

let submissions = 0;

/** On threads of the ledger, by `x509Rules`. */
export const assessAhead: AssessAhead = async (run, { attachment, header, count }) => {
  const submission = submissions++;
  // Every task has it, and none a copy.
  const shared = new Uint8Array(new SharedArrayBuffer(attachment.length));
  shared.set(attachment);
  const step = itemsAtOnce(count);
  const part = async (from: number): Promise<Part> => {
    const task: AssessTask = { submission, attachment: shared, header, count, from, to: from + step };
    return decodeCbor((await run(TASK, task)) as Uint8Array) as unknown as Part;
  };
  const starts = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  try {
    const parts = await Promise.all(starts.map(part));
    return parts[0] && { ...parts[0][0], items: parts.flatMap(([, items]) => items) };
  } catch {
    return undefined; // a thread that died, or an attachment that is refused: whoever asked finds out which
  }
};
