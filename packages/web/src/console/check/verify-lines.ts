import {
  type Bytes,
  canonicalizeJson,
  fromBase64url,
  fromHex,
  isAppError,
  type JsonObject,
  type JsonValue,
  sha256,
} from '@attestel/core';
import { type LedgerTrust, servedBy } from '@attestel/did/verify';
import {
  hashLeaf,
  ProofError,
  type VerifiedReceipt,
  verifyInclusion,
  verifyServedReceipt,
} from '@attestel/proof';
import type { Api } from '../api/client.ts';
import type { HistoryLine, ItemProof, PayloadView } from '../api/types.ts';
import { digestOf, EVENT_MODULE, refOf, stateKeyOf } from './commitments.ts';
import { type LedgerHead, type LedgerLine, readEvents, readHead, readLine } from './read-record.ts';

export interface CheckPorts {
  readonly api: Pick<Api, 'receipt'>;
  readonly trust: LedgerTrust;
  readonly fetch: typeof fetch;
}

/** The signed head of the ledger that a receipt leads to. */
export interface Checkpoint {
  /** Entries in the log. */
  readonly size: number;
  /** Unix seconds: a quorum of witnesses stood by it then or later. */
  readonly time: number;
}

export interface ProvenLine {
  readonly onLedger: LedgerLine;
  readonly checkpoint: Checkpoint;
}

/** Why a receipt, or what hangs on it, does not count here. */
export type Fault =
  | 'unreachable'
  | 'stale'
  | 'wrong-proof'
  | 'absent'
  | 'other-object'
  | 'other-content'
  | 'other-batch'
  | 'hidden-lines';

export class CheckError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, cause?: unknown) {
    super(`check: ${fault}`, { cause });
    this.fault = fault;
  }
}

const TIMEOUT_MS = 30_000;

/** Object whose lines are looked at; `module` is its name without the version. */
export interface Subject {
  readonly channel: string;
  readonly module: string;
  readonly id: string;
}

/**
 * A line as the ledger's witnesses vouch for it, under the policy that came with the page.
 * @throws CheckError
 */
export async function proveLine(ports: CheckPorts, subject: Subject, line: string): Promise<ProvenLine> {
  const { value, checkpoint } = await proveState(ports, stateKeyOf(subject.channel, 'line', line));
  const onLedger = readOr(() => readLine(value));
  if (!onLedger.refs.includes(refOf(subject.module, subject.id))) throw new CheckError('other-object');
  return { onLedger, checkpoint };
}

/**
 * That these are all lines of the object: the ledger counts as many, and the last is the last.
 * @throws CheckError hidden-lines; absent where the last checkpoint is older than the newest line; and others
 */
export async function proveComplete(
  ports: CheckPorts,
  { channel, module, id }: Subject,
  lines: readonly HistoryLine[],
): Promise<Checkpoint> {
  const { value, checkpoint } = await proveState(ports, stateKeyOf(channel, 'head', refOf(module, id)));
  const head: LedgerHead = readOr(() => readHead(value));
  const distinct = new Set(lines.map(({ line }) => line)).size;
  // Fewer than the node shows: its newest line came after that checkpoint.
  if (head.count < distinct) throw new CheckError('absent');
  if (head.count > distinct || lines.at(-1)?.line !== head.line) throw new CheckError('hidden-lines');
  return checkpoint;
}

/**
 * That a payload is what its line commits to; of a line that every node executed, that its command is, and that its
 * events are those that the nodes made of it. @throws CheckError other-content, other-batch, absent; and others
 */
export async function assertContent(
  ports: CheckPorts,
  { channel }: Subject,
  { proven: { onLedger }, content }: { readonly proven: ProvenLine; readonly content: PayloadView },
): Promise<void> {
  const { payload, salt, committed, line } = content;
  const opened = await digestOf((committed ?? payload) as never, salt);
  if (opened !== onLedger.digest) throw new CheckError('other-content');
  if (committed) {
    const { value } = await proveState(ports, stateKeyOf(channel, 'events', line));
    const events = readOr(() => readEvents(value));
    if (!isOf(payload, { committed, events, actor: onLedger.actor })) throw new CheckError('other-content');
  }
  const { batch = null } = payload;
  if (batch?.root !== onLedger.batch?.root || batch?.size !== onLedger.batch?.size)
    throw new CheckError('other-batch');
}

/**
 * That the history says of a line what is proven of it: when, who, by what command, with what effect.
 * @throws CheckError other-content
 */
export function assertTold(
  { onLedger }: ProvenLine,
  line: HistoryLine,
  payload: PayloadView['payload'] | undefined,
): void {
  // A blind line names nobody; what its content says counts then.
  const party = onLedger.module === null ? payload?.party : onLedger.actor;
  const isTold = line.time === onLedger.time && (party === undefined || line.party === party);
  const isOfContent =
    payload === undefined ||
    (line.party === payload.party && sameJson(decisionOf(line), decisionOf(payload)));
  if (!isTold || !isOfContent) throw new CheckError('other-content');
}

interface Executed {
  readonly committed: JsonObject;
  readonly events: JsonValue;
  readonly actor: string;
}

/** Whether a payload tells of an executed line what it says and did. */
function isOf(payload: PayloadView['payload'], { committed, events, actor }: Executed): boolean {
  const told = [payload.command, payload.id, payload.data, payload.events, payload.party, payload.actor];
  const proven = [committed.command, committed.id, committed.data, events, actor, actor];
  return sameJson(told as never, proven as never);
}

const decisionOf = ({
  actor,
  command,
  events,
}: Pick<HistoryLine, 'actor' | 'command' | 'events'>): JsonValue =>
  [actor ?? null, command ?? null, events ?? null] as unknown as JsonValue;

const sameJson = (a: JsonValue, b: JsonValue): boolean => canonicalizeJson(a) === canonicalizeJson(b);

/** That one item is in the batch of a line, at that place. @throws CheckError other-batch */
export async function assertItem({ onLedger: { batch } }: ProvenLine, proof: ItemProof): Promise<void> {
  if (!batch) throw new CheckError('other-batch');
  const leafHash = hashLeaf(sha256, fromHex(await digestOf(proof.item, proof.salt)));
  const path = proof.path.map(fromHex);
  try {
    verifyInclusion(sha256, {
      ...{ leafHash, path, index: proof.index, size: batch.size },
      root: fromHex(batch.root),
    });
  } catch (cause) {
    throw new CheckError('other-batch', cause);
  }
}

type Proven = { readonly value: Bytes; readonly checkpoint: Checkpoint };

async function proveState({ api, trust, fetch: from }: CheckPorts, key: string): Promise<Proven> {
  const bytes = await receiptBytes(api, key);
  const served = servedBy(trust, { base: '', fetch: from, timeoutMs: TIMEOUT_MS });
  const verified = await verify(bytes, key, served);
  if (verified.kind !== 'state' || !verified.value) throw new CheckError('absent');
  const { size, time } = verified.checkpoint;
  return { value: verified.value, checkpoint: { size, time } };
}

async function receiptBytes(api: CheckPorts['api'], key: string): Promise<Bytes> {
  try {
    return fromBase64url(await api.receipt(EVENT_MODULE, key, 'path'));
  } catch (cause) {
    throw new CheckError(isAppError(cause) ? 'unreachable' : 'wrong-proof', cause);
  }
}

async function verify(
  bytes: Bytes,
  key: string,
  served: ReturnType<typeof servedBy>,
): Promise<VerifiedReceipt> {
  try {
    return await verifyServedReceipt(bytes, { ...served, expect: { module: EVENT_MODULE, key } });
  } catch (cause) {
    if (cause instanceof ProofError)
      throw new CheckError(cause.code === 'checkpoint_stale' ? 'stale' : 'wrong-proof', cause);
    throw new CheckError('unreachable', cause);
  }
}

function readOr<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CheckError('wrong-proof', cause);
  }
}
