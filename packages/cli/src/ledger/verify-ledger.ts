import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError, type Bytes, isAppError, toBase64 } from '@attestel/core';
import { type LedgerVerification, readExport, verifyLedger, verifyLedgerEntries } from '@attestel/ledger';
import { LEDGER_RULES } from '@attestel/server';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { textOr } from '../option-values.ts';
import { dataDirOf, fromHere } from '../paths.ts';
import {
  type CheckpointKey,
  formatVerifierKey,
  ownCheckpointKey,
  parseVerifierKey,
} from './checkpoint-key.ts';
import { withLedgerStore } from './open-ledger-store.ts';
import { genesisOfFile, ownGenesis, ownNetwork } from './own-ledger.ts';

export const run: Run = async ({ values, progress }) => {
  const dataDir = dataDirOf(values);
  const given = textOr(values, 'key', undefined);
  const key = given === undefined ? await ownCheckpointKey(dataDir) : parseVerifierKey(given);
  const file = textOr(values, 'in', undefined);
  const began = textOr(values, 'genesis', undefined);
  // Somebody else's key comes without the folder's genesis: that is of the folder's own ledger.
  const genesis =
    (began !== undefined && (await genesisOfFile(fromHere(began)))) ||
    (given === undefined ? await ownGenesis(dataDir) : undefined);
  progress('replaying every entry …');
  const verdict =
    file === undefined
      ? await verifyFolder(dataDir, key, genesis)
      : await verifyFile(fromHere(file), key, genesis);
  if (!verdict.ok) throw badEntry(verdict);
  const { height, size, time, attachmentsMissing } = verdict;
  const root = toBase64(verdict.root);
  const signer = formatVerifierKey(key);
  const text = [
    `Every entry follows from the ones before it, and the signed checkpoint covers them all.`,
    `entries  ${size}`,
    `blocks   ${height}, the last at ${new Date(time * 1000).toISOString()}`,
    `root     ${root}`,
    `signed   ${signer}`,
    ...(attachmentsMissing > 0 ? [`missing  ${attachmentsMissing} documents, erased or left out`] : []),
  ].join('\n');
  return { data: { ok: true, entries: size, blocks: height, time, root, signer, attachmentsMissing }, text };
};

const verifyFolder = (
  dataDir: string,
  { origin, multikey }: CheckpointKey,
  genesis: readonly Bytes[] | undefined,
): Promise<LedgerVerification> =>
  withLedgerStore(dataDir, async (store) => {
    const network = await ownNetwork(dataDir);
    return verifyLedger({ ...LEDGER_RULES, network, origin, checkpointKey: multikey, genesis, store });
  });

/** @throws data_missing, AppError export_invalid when it is no export at all */
async function verifyFile(
  path: string,
  { origin, multikey }: CheckpointKey,
  genesis: readonly Bytes[] | undefined,
): Promise<LedgerVerification> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    const { header, entries } = await readExport(lines);
    // The header is not signed: it only says by which rules the log claims to be written.
    if (header.origin !== origin) throw fail('ledger_of_other_origin', { field: '--in' });
    return await verifyLedgerEntries({
      ...LEDGER_RULES,
      network: header.network,
      origin,
      checkpointKey: multikey,
      genesis,
      entries,
    });
  } catch (error) {
    return asVerdict(error);
  }
}

/** A line that is no entry is a bad entry like any other; only a bad header means that this is no export. */
function asVerdict(error: unknown): LedgerVerification {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw fail('data_missing', { field: '--in' });
  const line =
    isAppError(error) && error.code === 'export_invalid' ? /^line (\d+)/.exec(error.field ?? '') : null;
  const index = Number(line?.[1]) - 2;
  if (!(index >= 0)) throw error;
  return { ok: false, index, reason: 'entry_malformed', detail: 'not a line of an export' };
}

/** Exit code 6. */
const badEntry = ({ index, reason, detail }: LedgerVerification & { ok: false }): AppError =>
  new AppError(
    'log_invalid',
    { kind: 'proof-failed', message: `${reason}: ${detail}` },
    { field: `entry ${index}`, extra: { index, reason } },
  );
