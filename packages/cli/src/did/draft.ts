import { readFile, writeFile } from 'node:fs/promises';
import { type Bytes, multikeyToText, systemClock, toHex, unixSeconds } from '@attestel/core';
import { createRegistrar, documentOfOperation, formatVersionId, missingSigners } from '@attestel/did';
import { decodeOperation, encodeOperation, type Operation } from '@attestel/ledger';
import type { CommandInput, CommandResult } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';

/** Sent at once, or carried from holder to holder: the ledger takes operations up to a day ahead. */
const SENT_SECONDS = 600;
const CARRIED_SECONDS = 82_800;

export const notAfterOf = (values: CommandInput['values']): number =>
  unixSeconds(systemClock) + (values.out === undefined ? SENT_SECONDS : CARRIED_SECONDS);

/** @throws option_invalid */
export async function readDraft(path: string): Promise<Operation> {
  try {
    return decodeOperation(new Uint8Array(await readFile(fromHere(path))));
  } catch (cause) {
    throw fail('option_invalid', { field: 'DRAFT', cause });
  }
}

/** What a draft says, for whoever is asked to sign it, and whose signatures it waits for. */
export function describeDraft(operation: Operation) {
  const { kind, actor, previous, notAfter, body } = operation.payload;
  const document = documentOfOperation(operation);
  const { next, nextThreshold } = body as { next?: readonly Bytes[]; nextThreshold?: number };
  return {
    kind,
    did: actor,
    previous: previous ? toHex(previous) : null,
    notAfter: new Date(notAfter * 1000).toISOString(),
    ...(next && { next: next.map(toHex), nextThreshold }),
    ...(document && { document }),
    signed: operation.signatures.map(({ key }) => multikeyToText(key)),
    missing: missingSigners(operation).map(multikeyToText),
  };
}

export type Draft = ReturnType<typeof describeDraft>;

export const draftText = (draft: Draft): string =>
  Object.entries(draft)
    .map(([name, value]) => `${name.padEnd(14)} ${shown(value)}`)
    .join('\n');

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ') || '–';
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Writes the draft to `--out`, or puts it on the ledger. @throws draft_incomplete; the ledger's refusal */
export async function passOn(
  operation: Operation,
  values: CommandInput['values'],
  version?: number,
): Promise<CommandResult> {
  const draft = describeDraft(operation);
  const out = textOr(values, 'out', undefined);
  if (out !== undefined) {
    await writeFile(fromHere(out), encodeOperation(operation), { mode: 0o600 });
    const next = draft.missing.length > 0 ? 'the missing signers run: attestel did sign' : undefined;
    return { data: { ...draft, file: out }, text: draftText(draft), ...(next && { next }) };
  }
  if (draft.missing.length > 0) throw fail('draft_incomplete', { field: draft.missing.join(' ') });
  await createRegistrar({ url: nodeOf(values), fetch }).submit(operation);
  const versionId = version === undefined ? undefined : formatVersionId(version, operation.id);
  const done = { did: draft.did, kind: draft.kind, ...(versionId && { versionId }) };
  return { data: done, text: draftText({ ...draft, ...done }) };
}
