import { readFile, writeFile } from 'node:fs/promises';
import {
  type Bytes,
  type CborValue,
  compareBytes,
  equalBytes,
  multikeyToText,
  type Signer,
  toHex,
} from '@attestel/core';
import {
  createLedgerClient,
  decodeOperation,
  encodeOperation,
  type Operation,
  signedBytes,
} from '@attestel/ledger';
import type { CommandInput, CommandResult } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';

/** Modules whose operations members, or governors of a channel, vote on. */
const DRAFTED: readonly string[] = ['registry', 'channel', 'sub-ledger', 'pki'];

/** Sent at once, or carried from member to member: the ledger takes operations up to a day ahead. */
const SENT_SECONDS = 600;
const CARRIED_SECONDS = 82_800;

/** Seconds for which an operation that these options make is good. */
export const validityOf = (values: CommandInput['values']): number =>
  values.out === undefined ? SENT_SECONDS : CARRIED_SECONDS;

/** @throws option_invalid for what is no draft of an operation that members sign together */
export async function readDraft(path: string): Promise<Operation> {
  let draft: Operation;
  try {
    draft = decodeOperation(new Uint8Array(await readFile(fromHere(path))));
  } catch (cause) {
    throw fail('option_invalid', { field: 'DRAFT', cause });
  }
  if (!DRAFTED.includes(draft.payload.module))
    throw fail('option_invalid', { field: 'DRAFT: not what members sign together' });
  return draft;
}

/** Adds a member's signature to what others began. */
export async function addSignature(draft: Operation, signer: Signer): Promise<Operation> {
  const key = signer.publicKey;
  if (draft.signatures.some((signature) => equalBytes(signature.key, key))) return draft;
  const added = { key, signature: await signer.sign(signedBytes(draft.payloadBytes)) };
  const signatures = [...draft.signatures, added].sort((a, b) => compareBytes(a.key, b.key));
  return decodeOperation(encodeOperation({ ...draft, signatures }));
}

/** Writes it to `--out` for the next member to sign, or puts it on the ledger. @throws the ledger's refusal */
export async function passOn(operation: Operation, values: CommandInput['values']): Promise<CommandResult> {
  const described = describe(operation);
  const out = textOr(values, 'out', undefined);
  if (out !== undefined) {
    await writeFile(fromHere(out), encodeOperation(operation), { mode: 0o600 });
    const next = `the next member runs: attestel registry sign ${out}`;
    return { data: { ...described, file: out }, text: draftText(operation), next };
  }
  const [result] = await createLedgerClient({ url: nodeOf(values), fetch }).submit([operation]);
  if (result && !result.ok) throw result.error;
  return { data: described, text: draftText(operation) };
}

/** What a draft says, for whoever is asked to sign it. */
export const describe = ({ payload, signatures }: Operation) => ({
  kind: payload.kind,
  actor: payload.actor,
  network: payload.network,
  notAfter: new Date(payload.notAfter * 1000).toISOString(),
  body: readable(payload.body),
  signed: signatures.map(({ key }) => multikeyToText(key)),
});

export const draftText = (operation: Operation): string =>
  Object.entries(describe(operation))
    .map(([name, value]) => `${name.padEnd(9)} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');

/** Bytes as hex, all else as it is. */
function readable(value: CborValue): unknown {
  if (value instanceof Uint8Array) return toHex(value as Bytes);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, readable(item as CborValue)]));
}
