import { type Bytes, fromUtf8, type StoreWriter, type Table, utf8 } from '@attestel/core';
import { z } from 'zod';

/** Where an account is found: HMAC(pepper, issuer ‖ 0 ‖ handle) → account, and when the line came there. */
const INDEX = 'bridge/account-index';

const entrySchema = z.object({
  account: z.string(),
  /** `at` of the hand-over that brought the line to this issuer; 0 where none is known. Unix seconds. */
  portedAt: z.number(),
});

/** Where one presentation may be known, computed before the transaction that uses it. */
export interface IndexKeys {
  readonly own: Bytes;
  /** `at` of the last hand-over that the card states, 0 where it states none. */
  readonly portedAt: number;
  /** Earlier operators in the order of the hand-overs, oldest first. */
  readonly handOvers: readonly { readonly key: Bytes; readonly at: number }[];
}

export interface Known {
  readonly account: string;
  readonly under: Bytes;
  /** Hand-over by which the entry comes along; undefined where it stands under the issuer already. */
  readonly handOver?: number;
  /** The entry stands as it should: nothing is to be written. */
  readonly settled: boolean;
}

type Reader = { get(table: Table, key: Bytes): Bytes | undefined };

/**
 * Finds the account of a presentation. An entry moves only by a hand-over that its operator made after the
 * line had come there: an old record, shown again after the line has come back, moves nothing. The issuer's
 * own entry from before its last hand-over (the line was there once, or was shown there without its records)
 * counts only where no predecessor has one.
 */
export function findEntry(reader: Reader, { own, portedAt, handOvers }: IndexKeys): Known | undefined {
  const there = readEntry(reader, own);
  if (there && there.portedAt >= portedAt) return { account: there.account, under: own, settled: true };
  for (let i = handOvers.length - 1; i >= 0; i--) {
    const step = handOvers[i];
    const entry = step && readEntry(reader, step.key);
    if (entry && entry.portedAt < step.at) {
      return { account: entry.account, under: step.key, handOver: i, settled: false };
    }
  }
  return there && { account: there.account, under: own, settled: false };
}

/** The old entry goes, so that a card left behind at the old operator opens nothing. */
export function moveEntry(
  writer: StoreWriter,
  known: Known | undefined,
  { own, portedAt }: IndexKeys,
  account: string,
): void {
  if (known) writer.delete(INDEX, known.under);
  writer.put(INDEX, own, utf8(JSON.stringify({ account, portedAt })));
}

function readEntry(reader: Reader, key: Bytes): z.output<typeof entrySchema> | undefined {
  const bytes = reader.get(INDEX, key);
  return bytes && entrySchema.parse(JSON.parse(fromUtf8(bytes)));
}
