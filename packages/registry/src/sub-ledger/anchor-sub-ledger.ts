import { type Bytes, type Clock, fromBase64url, type Signer, unixSeconds } from '@attestel/core';
import { createLedgerClient, type LogMirror, proofCrypto, withTiles } from '@attestel/ledger';
import { consistencyProof, type LedgerHead, parseLedgerBody, parseNote } from '@attestel/proof';
import { z } from 'zod';
import { fail } from '../errors.ts';
import { buildSubLedgerOperation } from './build-operation.ts';
import { SUB_LEDGER_MODULE } from './records.ts';
import { isCosigned } from './verify-note.ts';

export interface AnchoringOptions {
  /** A node of the sub-ledger. */
  readonly sub: Pick<LogMirror, 'checkpoint' | 'tile'>;
  /** A node of the parent ledger. */
  readonly parent: { readonly url: string; readonly fetch: typeof globalThis.fetch };
  /** An active member of the parent, with a ledger key of it. */
  readonly actor: string;
  readonly signer: Signer;
  /** The parent's. */
  readonly network: string;
  readonly clock: Clock;
  /** Show the parent a second checkpoint of an anchored size, which stops the sub-ledger; else it is only refused. */
  readonly reportFork?: boolean;
}

export interface Anchoring {
  /** `unchanged`: nothing was there to anchor; `forked`: the parent has the evidence of two histories. */
  readonly outcome: 'anchored' | 'unchanged' | 'forked';
  readonly origin: string;
  /** Entries that the parent stands by now. */
  readonly size: number;
  /** The same before. */
  readonly before: number;
}

const VALID_SECONDS = 600;
/** Characters; a policy and a note are part of it. */
const MAX_RECORD = 1_000_000;
const TIMEOUT_MILLISECONDS = 10_000;

const anchorSchema = z.object({ size: z.int().min(1), root: z.string(), state: z.string() });
const recordSchema = z.object({ policy: z.string(), anchor: anchorSchema.nullable(), fork: z.unknown() });
type ParentRecord = z.output<typeof recordSchema>;

/**
 * Brings the newest checkpoint of a sub-ledger into its parent. Asked again it does nothing until there is a newer one.
 * Neither node is believed: the parent's state machine checks note and proof.
 * @throws AppError sub_ledger_unknown, sub_ledger_stopped, sub_ledger_not_cosigned (not yet), sub_ledger_not_newer (the node
 * is behind), sub_ledger_forked; what the parent refuses; ledger_unreachable, answer_invalid; ProofError for a bad note
 */
export async function anchorSubLedger(options: AnchoringOptions): Promise<Anchoring> {
  const note = await options.sub.checkpoint();
  const head = parseLedgerBody(parseNote(note).text);
  const { origin, size } = head;
  const record = await readRecord(options.parent, origin);
  const before = record.anchor?.size ?? 0;
  if (record.fork !== null) throw fail('sub_ledger_stopped', { field: origin });
  if (size < before) throw fail('sub_ledger_not_newer', { field: origin, extra: { size: before } });
  if (!isCosigned({ origin, policy: record.policy }, note)) throw fail('sub_ledger_not_cosigned');
  if (size === before && isSame(head, record.anchor)) return { outcome: 'unchanged', origin, size, before };
  if (size === before) {
    if (!options.reportFork) throw fail('sub_ledger_forked', { field: origin, extra: { size } });
    await submit(options, 'fork', { origin, note });
    return { outcome: 'forked', origin, size, before };
  }
  const { root } = head;
  const proof = await proofOf(options.sub, before, size);
  await submit(options, 'anchor', { origin, oldSize: before, newSize: size, root, note, proof });
  return { outcome: 'anchored', origin, size, before };
}

async function readRecord({ url, fetch }: AnchoringOptions['parent'], origin: string): Promise<ParentRecord> {
  const address = `${url.replace(/\/+$/, '')}/v1/sub-ledgers/${encodeURIComponent(origin)}`;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const response = await fetch(address, { signal, redirect: 'error' });
    if (response.status === 404) throw fail('sub_ledger_unknown', { field: origin });
    const text = await response.text();
    if (!response.ok || text.length > MAX_RECORD) throw new TypeError(`HTTP ${response.status}`);
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AppError') throw cause;
    throw fail('registry_unavailable', { field: 'parent', cause });
  }
}

const isSame = ({ root, state }: LedgerHead, anchor: ParentRecord['anchor']): boolean =>
  anchor !== null && isText(root, anchor.root) && isText(state, anchor.state);

function isText(bytes: Bytes, text: string): boolean {
  return Buffer.from(bytes).equals(fromBase64url(text));
}

async function proofOf(sub: AnchoringOptions['sub'], from: number, to: number): Promise<Bytes[]> {
  if (from === 0) return [];
  const proof = await withTiles(sub.tile, to, (nodeAt) =>
    consistencyProof(proofCrypto.sha256, nodeAt, from, to),
  );
  if (!proof) throw fail('registry_unavailable', { field: 'tiles of the sub-ledger' });
  return proof;
}

async function submit(
  { parent, actor, signer, network, clock }: AnchoringOptions,
  kind: 'anchor' | 'fork',
  body: Parameters<typeof buildSubLedgerOperation>[0]['body'],
): Promise<void> {
  const client = createLedgerClient(parent);
  const sequence = await client.sequence(SUB_LEDGER_MODULE, actor);
  const notAfter = unixSeconds(clock) + VALID_SECONDS;
  const operation = await buildSubLedgerOperation({
    ...{ kind, body, actor, sequence, network, notAfter },
    signers: [signer],
  });
  const [result] = await client.submit([operation]);
  if (result?.ok === false) throw result.error;
}
