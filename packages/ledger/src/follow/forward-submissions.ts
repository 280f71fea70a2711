import { type AppError, isAppError, toHex } from '@attestel/core';
import type { LedgerClient, SubmitResult } from '../client/ledger-client.ts';
import { fail } from '../errors.ts';
import type { HostedLedger } from '../executor/ledger-host.ts';
import type { BlockNotice, Ledger, OperationResult } from '../ledger.ts';
import type { Operation } from '../operation.ts';

export interface ForwardParts {
  /** The node that orders operations. */
  readonly client: Pick<LedgerClient, 'submit'>;
  readonly ledger: Pick<HostedLedger, 'onBlock'>;
  /** Something new is in the log. */
  readonly wake: () => void;
  readonly returnMilliseconds: number;
}

type Executed = BlockNotice['operations'][number];

/**
 * Hands operations to the node that orders them. An accepted one is answered when this node has executed it too, so
 * that whoever reads here afterwards sees it; `not_final` when it does not come back in time.
 */
export function forwardSubmissions(parts: ForwardParts): Ledger['submit'] {
  const { client, ledger, wake, returnMilliseconds } = parts;
  return async (operations) => {
    const executed = new Map<string, { readonly executed: Executed; readonly height: number }>();
    const waiting = new Set(operations.map(({ id }) => toHex(id)));
    const deadline = AbortSignal.timeout(returnMilliseconds);
    const returned = Promise.withResolvers<void>();
    const leave = ledger.onBlock(({ head, operations: done }) => {
      for (const one of done) {
        const id = toHex(one.operation.id);
        if (waiting.delete(id)) executed.set(id, { executed: one, height: head.height });
      }
      if (waiting.size === 0) returned.resolve();
    });
    deadline.addEventListener('abort', () => returned.resolve());
    try {
      // The node that orders may never answer, and what it answers is only its word: what was executed here counts.
      const answers = await Promise.race([submitAll(client, operations), returned.promise]);
      for (const { ok, id } of answers ?? []) if (!ok) waiting.delete(toHex(id));
      wake();
      if (waiting.size > 0) await returned.promise;
      return operations.map(({ id }, i) => {
        const found = executed.get(toHex(id));
        if (found) {
          const { index, events } = found.executed;
          return { ok: true, id, index, height: found.height, events };
        }
        const answer = answers?.[i];
        return answer && !answer.ok ? answer : { ok: false, id, error: fail('not_final') };
      });
    } finally {
      leave();
    }
  };
}

type Answer = SubmitResult | Extract<OperationResult, { ok: false }>;

/** Results carry this node's own ids: an answer for other operations is none. */
async function submitAll(
  client: ForwardParts['client'],
  operations: readonly Operation[],
): Promise<readonly Answer[]> {
  try {
    const results = await client.submit(operations);
    return results.map((result, i) => ({ ...result, id: (operations[i] as Operation).id }));
  } catch (error) {
    if (!isAppError(error)) throw error;
    return operations.map(({ id }): Answer => ({ ok: false, id, error: error as AppError }));
  }
}
