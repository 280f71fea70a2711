import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  createLedgerClient,
  exportEntries,
  type LedgerClient,
  type LogEntry,
  networkOf,
  storedEntries,
  storedHead,
} from '@attestel/ledger';
import type { CommandInput, CommandResult, Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { dataDirOf, fromHere } from '../paths.ts';
import { readNote } from './checked-note.ts';
import { type LedgerIdentity, ledgerFolderOf, withStoreAt } from './stored-ledger.ts';

export const run: Run = async ({ values }) => {
  const path = fromHere(textOr(values, 'out', 'ledger.jsonl'));
  if (values.node !== undefined) return exportNode(path, nodeOf(values), await fetchOf(values));
  if (values.as !== undefined) throw fail('option_invalid', { field: '--as without --node' });
  return withStoreAt(ledgerFolderOf(values), (store) => {
    const head = storedHead(store);
    if (!head) throw fail('data_missing', { field: 'ledger in the folder' });
    return write(path, head, storedEntries(store));
  });
};

/** A log with channels that are not public is whole for members alone: `--as` shows the node who asks. */
async function fetchOf(values: CommandInput['values']): Promise<typeof fetch> {
  const name = textOr(values, 'as', undefined);
  if (name === undefined) return fetch;
  const { token } = await actAs(dataDirOf(values), name);
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    // One for each request: they live for a minute, an export may take longer.
    headers.set('authorization', `Bearer ${await token(new URL(String(input)).origin)}`);
    return fetch(input, { ...init, headers });
  };
}

/** The network is what the first operation says; a later one that says another does not verify. */
async function exportNode(path: string, node: string, get: typeof fetch): Promise<CommandResult> {
  const client = createLedgerClient({ url: node, fetch: get });
  // Asked first: entries that come in meanwhile are not covered by it, and left out.
  const checkpoint = await client.checkpoint();
  const { origin, size } = readNote(checkpoint, 'checkpoint');
  const entries = entriesOfNode(client, checkpoint, size)[Symbol.asyncIterator]();
  const first = await entries.next();
  if (first.done) throw fail('ledger_incomplete', { field: 'entry 0' });
  const all = async function* () {
    yield first.value;
    for await (const entry of { [Symbol.asyncIterator]: () => entries }) yield entry;
  };
  return write(path, { network: networkOf(first.value), origin }, all());
}

async function write(
  path: string,
  ledger: LedgerIdentity,
  entries: Iterable<LogEntry> | AsyncIterable<LogEntry>,
): Promise<CommandResult> {
  const { network, origin } = ledger;
  let count = 0;
  const counted = async function* () {
    for await (const entry of entries) {
      count += 1;
      yield entry;
    }
  };
  const lines = Readable.from(exportEntries({ network, origin }, counted()));
  // Half an export would look like a shorter ledger.
  const unfinished = `${path}.new`;
  try {
    await pipeline(lines, createWriteStream(unfinished, { flush: true }));
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
async function* entriesOfNode(
  client: LedgerClient,
  checkpoint: string,
  size: number,
): AsyncIterable<LogEntry> {
  for (let next = 0; next < size; ) {
    const { entries } = await client.entries(next, Math.min(PAGE, size - next));
    if (entries.length === 0) throw fail('ledger_incomplete', { field: `entry ${next}` });
    for (const { index, bytes } of entries) {
      yield { index, bytes, ...(index === size - 1 ? { checkpoint } : {}) };
    }
    next += entries.length;
  }
}
