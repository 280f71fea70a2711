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
  /** Hand-overs as the card states them, oldest first, under the key of who handed over. */
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

/** The line at one operator, from one hand-over to the next. */
interface Stay {
  readonly key: Bytes;
  readonly from: number;
  readonly until: number;
  readonly handOver?: number;
}

/**
 * Finds the account of a presentation: the newest stay of the line from which there is an entry. An entry
 * moves only by a hand-over that its operator made after the line had come there, so an old record, shown
 * again after the line has come back, moves nothing. Entries older than a stay at that operator come last:
 * the line was there before the records carried along begin, or somebody signed in by the way, with a card
 * that was on its way out or kept its records back.
 */
export function findEntry(reader: Reader, keys: IndexKeys): Known | undefined {
  let older: Known | undefined;
  for (const { key, from, until, handOver } of staysOf(keys)) {
    const entry = readEntry(reader, key);
    if (!entry || entry.portedAt >= until) continue;
    const known = { account: entry.account, under: key, ...(handOver === undefined ? {} : { handOver }) };
    if (entry.portedAt >= from) return { ...known, settled: handOver === undefined };
    older ??= { ...known, settled: false };
  }
  return older;
}

/** The old entry goes, so that a card left behind at the old operator opens nothing. */
export function moveEntry(
  writer: StoreWriter,
  known: Known | undefined,
  { own, handOvers }: IndexKeys,
  account: string,
): void {
  if (known) writer.delete(INDEX, known.under);
  writer.put(INDEX, own, utf8(JSON.stringify({ account, portedAt: handOvers.at(-1)?.at ?? 0 })));
}

/** Newest first. */
function staysOf({ own, handOvers }: IndexKeys): Stay[] {
  const earlier = handOvers.map(({ key, at }, i) => {
    return { key, from: handOvers[i - 1]?.at ?? 0, until: at, handOver: i };
  });
  const now = { key: own, from: handOvers.at(-1)?.at ?? 0, until: Number.POSITIVE_INFINITY };
  return [...earlier, now].reverse();
}

function readEntry(reader: Reader, key: Bytes): z.output<typeof entrySchema> | undefined {
  const bytes = reader.get(INDEX, key);
  return bytes && entrySchema.parse(JSON.parse(fromUtf8(bytes)));
}
