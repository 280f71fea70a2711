import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError, type Bytes, isAppError, type Store, toBase64 } from '@attestel/core';
import { importLedger, openLmdbStore, readExport, storedHead } from '@attestel/ledger';
import { LEDGER_RULES } from '@attestel/server';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText, textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { readNote, type Trust, trusteesOf, trustOf } from './checked-note.ts';
import { genesisOfFile } from './own-ledger.ts';

export const run: Run = async ({ values, progress }) => {
  const file = fromHere(requiredText(values, 'in'));
  const path = fromHere(requiredText(values, 'store'));
  const trust = await trustOf(values);
  if (!trust) throw fail('argument_missing', { field: '--policy or --key' });
  if (!existsSync(file)) throw fail('data_missing', { field: '--in' });
  if (existsSync(join(path, 'data.mdb'))) throw fail('folder_taken', { field: '--store' });
  progress('executing every entry …');
  const store = await openLmdbStore({ path });
  try {
    const { network, size, height, time } = await importInto(store, file, trust, values);
    const { root, state } = readNote(storedHead(store)?.checkpoint ?? '', 'checkpoint');
    const roots = { root: toBase64(root), state: toBase64(state) };
    return {
      data: { store: path, network, entries: size, blocks: height, time, ...roots },
      text: [
        `Every entry was executed, and its signed checkpoints have the roots that this made.`,
        `network  ${network}`,
        `entries  ${size}`,
        `blocks   ${height}, the last at ${new Date(time * 1000).toISOString()}`,
        `root     ${roots.root}`,
        `state    ${roots.state}`,
      ].join('\n'),
      next: 'compare root and state with what the other members got',
    };
  } finally {
    await store.close();
  }
};

async function importInto(store: Store, file: string, trust: Trust, values: CommandInput['values']) {
  const { network } = (await readExport(linesOf(file))).header;
  const genesis = await genesisOf(values);
  try {
    const summary = await importLedger({
      ...{ ...LEDGER_RULES, ...trusteesOf(trust) },
      ...{ network, genesis, store, lines: linesOf(file) },
    });
    return { ...summary, network };
  } catch (cause) {
    if (!isAppError(cause) || cause.code !== 'log_invalid') throw cause;
    const { message, extra } = cause;
    throw new AppError('log_invalid', { kind: 'proof-failed', message }, { extra, cause });
  }
}

const linesOf = (file: string) =>
  createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });

async function genesisOf(values: CommandInput['values']): Promise<readonly Bytes[] | undefined> {
  const path = textOr(values, 'genesis', undefined);
  return path === undefined ? undefined : genesisOfFile(fromHere(path));
}
