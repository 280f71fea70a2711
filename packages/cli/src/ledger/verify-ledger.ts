import { createReadStream } from 'node:fs';
import { AppError, isAppError, toBase64 } from '@attestel/core';
import {
  type LedgerVerification,
  readExport,
  readLines,
  storedEntries,
  storedHead,
  type VerifyEntriesOptions,
  verifyLedger,
  verifyLedgerEntries,
} from '@attestel/ledger';
import { type AnchoredRoot, compareAnchors, fetchAnchors } from '@attestel/registry';
import { LEDGER_RULES } from '@attestel/server';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { originOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf, fromHere } from '../paths.ts';
import { trusteesOf, trustOf } from './checked-note.ts';
import { formatVerifierKey, ownCheckpointKey } from './checkpoint-key.ts';
import { genesisOfFile, ownGenesis } from './own-ledger.ts';
import { expectedLedger, ledgerFolderOf, withStoreAt } from './stored-ledger.ts';

export const run: Run = async ({ values, progress }) => {
  const dataDir = dataDirOf(values);
  const given = await trustOf(values);
  const trust = given ?? { key: await ownCheckpointKey(dataDir) };
  const file = textOr(values, 'in', undefined);
  const began = textOr(values, 'genesis', undefined);
  // Somebody else's key comes without the folder's genesis: that is of the folder's own ledger.
  const genesis =
    (began !== undefined && (await genesisOfFile(fromHere(began)))) ||
    (given === undefined ? await ownGenesis(dataDir) : undefined);
  progress('replaying every entry …');
  const expected = { ...LEDGER_RULES, ...trusteesOf(trust), genesis };
  const verdict =
    file === undefined ? await verifyFolder(values, expected) : await verifyFile(fromHere(file), expected);
  if (!verdict.ok) throw badEntry(verdict);
  const anchors = await anchorsOf(values, expected.origin);
  if (anchors) await assertAnchored(values, file, anchors);
  const { height, size, time, attachmentsMissing } = verdict;
  const root = toBase64(verdict.root);
  const signer = 'key' in trust ? formatVerifierKey(trust.key) : 'a quorum of the policy';
  const text = [
    `Every entry follows from the ones before it, and the signed checkpoint covers them all.`,
    `entries  ${size}`,
    `blocks   ${height}, the last at ${new Date(time * 1000).toISOString()}`,
    `root     ${root}`,
    `signed   ${signer}`,
    ...(attachmentsMissing > 0 ? [`missing  ${attachmentsMissing} documents, erased or left out`] : []),
    ...(anchors ? [`anchors  ${anchors.length} of the parent, all borne out`] : []),
  ].join('\n');
  const counts = { entries: size, blocks: height, time, root, signer, attachmentsMissing };
  return { data: { ok: true, ...counts, ...(anchors && { anchors: anchors.length }) }, text };
};

/** With `--parent`: what it anchored of this ledger. @throws AppError sub_ledger_unknown, registry_unavailable */
async function anchorsOf(
  values: CommandInput['values'],
  origin: string,
): Promise<readonly AnchoredRoot[] | undefined> {
  if (values.parent === undefined) return undefined;
  return fetchAnchors({ url: originOf(requiredText(values, 'parent')), fetch }, origin);
}

/** @throws AppError anchor_mismatch, exit code 6 */
async function assertAnchored(
  values: CommandInput['values'],
  file: string | undefined,
  anchors: readonly AnchoredRoot[],
): Promise<void> {
  const { mismatch } =
    file === undefined
      ? await withStoreAt(ledgerFolderOf(values), (store) => compareAnchors(storedEntries(store), anchors))
      : await compareAnchors(
          (await readExport(readLines(createReadStream(fromHere(file))))).entries,
          anchors,
        );
  if (mismatch) {
    const { size, why } = mismatch;
    throw fail('anchor_mismatch', { field: `anchor at ${size} entries`, extra: { size, why } });
  }
}

type Expected = Omit<VerifyEntriesOptions, 'network' | 'entries'>;

const verifyFolder = (values: CommandInput['values'], expected: Expected): Promise<LedgerVerification> =>
  withStoreAt(ledgerFolderOf(values), async (store) => {
    const ledger = (await expectedLedger(values)) ?? storedHead(store);
    if (!ledger) throw fail('data_missing', { field: 'ledger in the folder' });
    return verifyLedger({ ...expected, network: ledger.network, store });
  });

/** @throws data_missing, AppError export_invalid when it is no export at all */
async function verifyFile(path: string, expected: Expected): Promise<LedgerVerification> {
  try {
    const { header, entries } = await readExport(readLines(createReadStream(path)));
    // The header is not signed: it only says by which rules the log claims to be written.
    if (header.origin !== expected.origin) throw fail('ledger_of_other_origin', { field: '--in' });
    return await verifyLedgerEntries({ ...expected, network: header.network, entries });
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
