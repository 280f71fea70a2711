import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createLedgerClient, exportEntries, type LogEntry, networkOf, storedEntries } from '@attestel/ledger';
import { demoOrigin } from '@attestel/server/data-folder';
import type { CommandResult, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { dataDirOf, fromHere } from '../paths.ts';
import { withLedgerStore } from './open-ledger-store.ts';
import { ownNetwork } from './own-ledger.ts';

export const run: Run = ({ values }) => {
  const path = fromHere(textOr(values, 'out', 'ledger.jsonl'));
  if (values.node !== undefined) return exportNode(path, nodeOf(values));
  const dataDir = dataDirOf(values);
  return withLedgerStore(dataDir, async (store) =>
    write(path, await ownNetwork(dataDir), storedEntries(store)),
  );
};

/** The network is what the first operation says; a later one that says another does not verify. */
async function exportNode(path: string, node: string): Promise<CommandResult> {
  const entries = entriesOfNode(node)[Symbol.asyncIterator]();
  const first = await entries.next();
  if (first.done) throw fail('ledger_incomplete', { field: 'entry 0' });
  const all = async function* () {
    yield first.value;
    for await (const entry of { [Symbol.asyncIterator]: () => entries }) yield entry;
  };
  return write(path, networkOf(first.value), all());
}

async function write(
  path: string,
  network: string,
  entries: Iterable<LogEntry> | AsyncIterable<LogEntry>,
): Promise<CommandResult> {
  let count = 0;
  const counted = async function* () {
    for await (const entry of entries) {
      count += 1;
      yield entry;
    }
  };
  const lines = Readable.from(exportEntries({ network, origin: demoOrigin(network) }, counted()));
  // Half an export would look like a shorter ledger.
  const unfinished = `${path}.new`;
  try {
    await pipeline(lines, createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return {
    data: { out: path, entries: count },
    text: `${count} entries written to ${path}`,
    next: `attestel ledger verify --in ${path}`,
  };
}

const PAGE = 1000;

/** What the node's checkpoint covers, page by page; the checkpoint goes with the last entry. */
async function* entriesOfNode(node: string): AsyncIterable<LogEntry> {
  const client = createLedgerClient({ url: node, fetch });
  // Asked first: entries that come in meanwhile are not covered by it, and left out.
  const checkpoint = await client.checkpoint();
  const size = sizeOf(checkpoint);
  for (let next = 0; next < size; ) {
    const { entries } = await client.entries(next, Math.min(PAGE, size - next));
    if (entries.length === 0) throw fail('ledger_incomplete', { field: `entry ${next}` });
    for (const { index, bytes } of entries) {
      yield { index, bytes, ...(index === size - 1 ? { checkpoint } : {}) };
    }
    next += entries.length;
  }
}

/** Second line of a checkpoint (C2SP tlog-checkpoint). Whether it is true, a replay of the file tells. */
function sizeOf(checkpoint: string): number {
  const size = Number(checkpoint.split('\n')[1]);
  if (!Number.isSafeInteger(size) || size < 0) throw fail('ledger_incomplete', { field: 'checkpoint' });
  return size;
}
