import { type Bytes, type CborValue, encodeCbor } from '@attestel/core';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { assessHead, type EncodedSubmission, itemAssessor } from './assess.ts';
import { parseAttachment } from './attachment.schema.ts';
import { x509Rules } from './x509-rules.ts';

// Runs on a thread of its own; see assessAhead.

/** Some items of a submission. */
export interface AssessTask extends EncodedSubmission {
  /** The same for the same attachment and header, among all that the threads are asked for. */
  readonly submission: number;
  readonly from: number;
  readonly to: number;
}

/** Submissions whose attachment this thread has read: their tasks come close together. */
const KEPT = 4;
const opened = new Map<number, ReturnType<typeof open>>();

function open({ attachment, header, count }: EncodedSubmission) {
  const ports = { sha256, certificates: x509Rules };
  const parsed = parseAttachment(new Uint8Array(attachment)); // out of shared memory
  if (parsed.items.length !== count) throw fail('pki_facts_unproven', { field: '/items' });
  const head = assessHead(parsed, header, ports);
  return { head, items: parsed.items, assess: itemAssessor(parsed, header, ports) };
}

function openOnce(task: AssessTask): ReturnType<typeof open> {
  const known = opened.get(task.submission);
  if (known) return known;
  const made = open(task);
  const [oldest] = opened.keys();
  if (opened.size >= KEPT && oldest !== undefined) opened.delete(oldest);
  opened.set(task.submission, made);
  return made;
}

/** CBOR of what `assess` says of the submission and of those items. @throws AppError as `assess` */
export function run(task: AssessTask): Bytes {
  const { head, items, assess } = openOnce(task);
  return encodeCbor([
    head,
    items.slice(task.from, task.to).map((item) => assess(item)),
  ] as unknown as CborValue);
}
