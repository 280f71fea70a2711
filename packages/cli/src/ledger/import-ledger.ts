import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AppError, type Bytes, isAppError, type Store, toBase64 } from '@attestel/core';
import { importLedger, openLmdbStore, readExport, readLines, storedHead } from '@attestel/ledger';
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
  await assertFree(path);
  for (const name of await leftBehind(path))
    progress(`${name} is of an import that did not end; remove it if none is running`);
  progress('executing every entry …');
  const { network, size, height, time, checkpoint } = await importAt(path, file, trust, values);
  const { root, state } = readNote(checkpoint, 'checkpoint');
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
};

/**
 * Under another name until the last entry is executed: half an import is a sound ledger, only shorter, and whoever ordered
 * on from it would write a second history.
 */
async function importAt(path: string, file: string, trust: Trust, values: CommandInput['values']) {
  const unfinished = await mkdtemp(`${path}${UNFINISHED}`);
  try {
    const store = await openLmdbStore({ path: unfinished });
    const done = await importInto(store, file, trust, values)
      .then((summary) => ({ ...summary, checkpoint: storedHead(store)?.checkpoint ?? '' }))
      .finally(() => store.close());
    await rename(unfinished, path);
    return done;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

const UNFINISHED = '.importing-';

/** @throws folder_taken, before anything is executed for nothing */
async function assertFree(path: string): Promise<void> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0) throw fail('folder_taken', { field: '--store' });
}

/** Perhaps of an import that is still at work: only its operator knows. */
async function leftBehind(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter((name) => name.startsWith(`${basename(path)}${UNFINISHED}`));
}

async function importInto(store: Store, file: string, trust: Trust, values: CommandInput['values']) {
  const lines = linesOf(file);
  const { network } = (await readExport(lines)).header;
  await lines.return();
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

const linesOf = (file: string) => readLines(createReadStream(file));

async function genesisOf(values: CommandInput['values']): Promise<readonly Bytes[] | undefined> {
  const path = textOr(values, 'genesis', undefined);
  return path === undefined ? undefined : genesisOfFile(fromHere(path));
}
