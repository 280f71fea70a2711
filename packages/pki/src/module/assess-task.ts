import { type Bytes, type CborValue, encodeCbor } from '@attestel/core';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { assessHead, type EncodedSubmission, itemAssessor } from './assess.ts';
import { parseAttachment } from './attachment.schema.ts';
import { partsOfAttachment } from './attachment-parts.ts';
import { assessApart } from './signature-checks.ts';
import { createX509Rules, x509Rules } from './x509-rules.ts';

// Runs on a thread of its own; see assessAhead.

/** Some items of a submission. */
export interface AssessTask extends EncodedSubmission {
  /** The same for the same attachment and header, among all that the threads are asked for. */
  readonly submission: number;
  readonly from: number;
  readonly to: number;
}

/** Submissions that this thread has seen: their tasks come close together. */
const KEPT = 4;
const opened = new Map<number, ReturnType<typeof open>>();

/** Each thread reads the items of its own tasks only, and forgets them. */
function open({ attachment, header, count }: EncodedSubmission) {
  const parts = partsOfAttachment(attachment);
  if (parts.count !== count) throw fail('pki_facts_unproven', { field: '/items' });
  let head: ReturnType<typeof assessHead> | undefined;
  return (from: number, to: number) => {
    const parsed = parseAttachment(parts.take(from, to));
    head ??= assessHead(parsed, header, { sha256, certificates: x509Rules });
    const items = assessApart(parsed.items, (check) =>
      itemAssessor(parsed, header, { sha256, certificates: createX509Rules(check) }),
    );
    return [head, items] as const;
  };
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
  const found = openOnce(task)(task.from, Math.min(task.to, task.count));
  return encodeCbor(found as unknown as CborValue);
}
