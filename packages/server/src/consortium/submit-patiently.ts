import type { Ledger, Operation, OperationResult } from '@attestel/ledger';

/** Half a minute each, with a ledger that several agree on. */
const MOST_TRIES = 4;

/**
 * The same ledger to whoever prepares the demo. Where no block held an operation in time, the same one is submitted
 * again: a machine that stood still, or whose engines have yet to find each other, is slow and not broken.
 */
export const submitPatiently = <T extends Ledger>(ledger: T, progress: (line: string) => void): T =>
  Object.create(ledger, {
    submit: {
      async value(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
        const results = [...(await ledger.submit(operations))];
        for (let tries = 1; tries < MOST_TRIES; tries++) {
          const late = results.flatMap((result, i) => (isLate(result) ? [i] : []));
          if (late.length === 0) break;
          progress('no block yet: the validators take their time, waiting on');
          const again = await ledger.submit(late.map((i) => operations[i] as Operation));
          for (const [place, i] of late.entries()) results[i] = again[place] as OperationResult;
        }
        return results;
      },
    },
  });

const isLate = (result: OperationResult): boolean => !result.ok && result.error.code === 'not_final';
