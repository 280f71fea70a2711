import { type Bytes, concatBytes, encodeCbor, toHex } from '@attestel/core';
import type { Candidate, Executor } from '../../executor/executor.ts';
import type { Operation } from '../../operation.ts';
import { sha256 } from '../../sha256.ts';
import { type Executed, isAccepted } from '../../state/execute-block.ts';
import { u64 } from '../../tables.ts';
import type { EnvelopeCache } from './envelope-cache.ts';

/** A block as the engine hands it over, in its own words. */
export interface CometBlock {
  readonly height: number;
  /** Header time, unix milliseconds. */
  readonly timeMs: number;
  readonly txs: readonly Bytes[];
}

/** The engine's block, executed. */
export interface ExecutedBlock {
  readonly block: CometBlock;
  readonly candidate: Candidate;
  /** Per transaction the outcomes of its operations; undefined for bytes that are no envelope. */
  readonly outcomes: readonly (readonly Executed[] | undefined)[];
}

interface ProtoTime {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Rounded down, as state machines take it. */
export const millisecondsOf = (time: ProtoTime | undefined): number =>
  time ? Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000) : 0;

interface BlockRequest {
  readonly height: bigint;
  readonly time?: ProtoTime | undefined;
  readonly txs: readonly Bytes[];
}

/** From a request that shows one. */
export const blockOf = ({ height, time, txs }: BlockRequest): CometBlock => ({
  height: Number(height),
  timeMs: millisecondsOf(time),
  txs,
});

/**
 * Executes a block on the last committed state. Same block, same state: the same candidate, so what a proposal
 * was checked with is what is committed.
 * @param lastTimeMs time of the ledger's last block: the ledger's time strictly increases, the engine's does
 *   so too, but only in nanoseconds
 */
export function executeCometBlock(
  { executor, envelopes }: { readonly executor: Executor; readonly envelopes: EnvelopeCache },
  block: CometBlock,
  lastTimeMs: number,
): ExecutedBlock {
  const lists = block.txs.map((tx) => envelopes.read(tx).operations);
  const operations = lists.flatMap((list): readonly Operation[] => list ?? []);
  const timeMs = Math.max(block.timeMs, lastTimeMs + 1);
  const candidate = executor.execute({ timeMs, operations }, blockId(block));
  let at = 0;
  const outcomes = lists.map((list) => {
    if (!list) return undefined;
    at += list.length;
    return candidate.outcomes.slice(at - list.length, at);
  });
  return { block, candidate, outcomes };
}

/** By content: the block hash is not known yet while a proposal is prepared. */
const blockId = ({ height, timeMs, txs }: CometBlock): string =>
  toHex(sha256(concatBytes(u64(height), u64(timeMs), ...txs.map(sha256))));

export const CODE_REFUSED = 1;

/**
 * What all nodes put down as the result of a transaction: index in the log or null, per operation. Codes of
 * refusals are left out: two releases may word one refusal in different ways and must not part over that.
 * It is taken where one of its operations is: the engine never again looks at bytes that it calls taken, and an operation that
 * was refused and is sent again has to be decided again.
 */
export const resultOf = (outcomes: readonly Executed[] | undefined) => ({
  code: outcomes?.some(isAccepted) ? 0 : CODE_REFUSED,
  ...(outcomes && { data: resultData(outcomes) }),
});

const resultData = (outcomes: readonly Executed[]): Bytes =>
  encodeCbor(outcomes.map((outcome) => (isAccepted(outcome) ? outcome.index : null)));
