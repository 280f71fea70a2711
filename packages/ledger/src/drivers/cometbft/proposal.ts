import { type Bytes, isAppError, toHex } from '@attestel/core';
import type { Executor } from '../../executor/executor.ts';
import {
  type Executed,
  isAccepted,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_OPERATIONS,
} from '../../state/execute-block.ts';
import type { ExecutedBlock } from './comet-block.ts';
import type { EnvelopeCache } from './envelope-cache.ts';

interface Parts {
  readonly executor: Pick<Executor, 'admit' | 'discard'>;
  readonly envelopes: EnvelopeCache;
}

/** Tag and length that a transaction has in the block's encoding, at most. */
const TX_OVERHEAD_BYTES = 6;
/** How often transactions that came before what they build on are put behind it. */
const REORDERINGS = 3;

/**
 * Why a block may not be voted for; undefined when it may. A function of the block and the last committed
 * state alone, so that correct nodes agree (ABCI 2.0, requirement 4). Refused operations are no reason: that
 * they are refused is what their senders wait to hear.
 */
export function proposalFault({ executor, envelopes }: Parts, txs: readonly Bytes[]): string | undefined {
  let operations = 0;
  let bytes = 0;
  for (const tx of txs) {
    const envelope = envelopes.read(tx);
    if (!envelope.operations) return envelope.error;
    operations += envelope.operations.length;
    bytes += tx.length;
    if (operations > MAX_BLOCK_OPERATIONS || bytes > MAX_BLOCK_BYTES) return 'block_too_large';
    const fault = envelope.operations
      .map((operation) => faultOf(() => executor.admit(operation)))
      .find(Boolean);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * Transactions for a block, from those the engine offers: in their order, as many as fit, without what
 * {@link proposalFault} would refuse (requirement 3) and without what is there already. Transactions that come
 * before the actor's preceding operation are put behind it, or left for a later block when that one is not here.
 */
export function chooseTxs(
  parts: Parts,
  offered: readonly Bytes[],
  options: { readonly maxBytes: number; readonly execute: (txs: readonly Bytes[]) => ExecutedBlock },
): readonly Bytes[] {
  let chosen = fitting(parts, offered, options.maxBytes);
  for (let round = 0; chosen.length > 0; round++) {
    const { candidate, outcomes } = options.execute(chosen);
    const early = chosen.filter((_, i) => (outcomes[i] ?? []).some(isEarly));
    if (early.length === 0) break;
    parts.executor.discard(candidate);
    const rest = chosen.filter((tx) => !early.includes(tx));
    chosen = round < REORDERINGS ? [...rest, ...early] : rest;
  }
  return chosen;
}

function fitting(
  { executor, envelopes }: Parts,
  offered: readonly Bytes[],
  maxBytes: number,
): readonly Bytes[] {
  const seen = new Set<string>();
  let operations = 0;
  let bytes = 0;
  let encoded = 0;
  return offered.filter((tx) => {
    if (proposalFault({ executor, envelopes }, [tx]) !== undefined) return false;
    const list = envelopes.read(tx).operations ?? [];
    const ids = list.map(({ id }) => toHex(id));
    if (ids.every((id) => seen.has(id))) return false;
    const isFull =
      operations + list.length > MAX_BLOCK_OPERATIONS ||
      bytes + tx.length > MAX_BLOCK_BYTES ||
      encoded + tx.length + TX_OVERHEAD_BYTES > maxBytes;
    if (isFull) return false;
    operations += list.length;
    bytes += tx.length;
    encoded += tx.length + TX_OVERHEAD_BYTES;
    for (const id of ids) seen.add(id);
    return true;
  });
}

/** Refused only because the actor's preceding operation is not executed yet. */
function isEarly(outcome: Executed): boolean {
  if (isAccepted(outcome) || outcome.error.code !== 'sequence_conflict') return false;
  const { sequence } = outcome.operation.payload;
  const { expected } = outcome.error.extra;
  return sequence !== undefined && typeof expected === 'number' && sequence > expected;
}

function faultOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}
