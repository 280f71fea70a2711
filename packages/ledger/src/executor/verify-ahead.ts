import type { Bytes } from '@attestel/core';
import type { Operation } from '../operation.ts';
import { signedBytesOfAll } from '../operations/operation-id.ts';
import type { BatchVerifier, SignatureJob } from '../signatures/batch-verifier.ts';
import type { RuleBook, Rules } from '../state/rules.ts';
import type { RunTask } from '../threads/thread-pool.ts';

/**
 * Notes which operations have only signatures that verify, and which have one that does not. Where the verifier
 * fails, it notes nothing: execution then checks by itself.
 */
export async function verifyAhead(
  { verified, unverified }: RuleBook,
  verifier: BatchVerifier,
  operations: readonly Operation[],
): Promise<void> {
  const open = operations.filter((operation) => !verified.has(operation) && !unverified.has(operation));
  if (open.length === 0) return;
  const messages = signedBytesOfAll(open.map(({ payloadBytes }) => payloadBytes));
  const jobs: SignatureJob[] = [];
  open.forEach(({ signatures }, i) => {
    for (const { key, signature } of signatures) jobs.push({ key, message: messages[i] as Bytes, signature });
  });
  let results: Uint8Array;
  try {
    results = await verifier.verifyBatch(jobs);
  } catch {
    return; // a thread that died: slower, and no less strict
  }
  let at = 0;
  for (const operation of open) {
    const own = results.subarray(at, at + operation.signatures.length);
    at += operation.signatures.length;
    const bad = own.findIndex((result) => result !== 1);
    if (own.length === operation.signatures.length && bad < 0) verified.add(operation);
    else if (bad >= 0) unverified.set(operation, bad);
  }
}

export interface AheadParts {
  readonly run: RunTask;
  /** Those in force. */
  readonly rules: () => Rules;
  /** Throws where an operation is not worth the work. */
  readonly pass: (operation: Operation) => void;
}

/** Lets modules check attachments of operations whose signatures are checked. Whatever fails is left to admission. */
export async function checkAttachmentsAhead(
  operations: readonly Operation[],
  { run, rules, pass }: AheadParts,
): Promise<void> {
  const work = async (operation: Operation, { modules, admitted }: Rules): Promise<void> => {
    const module = modules.get(operation.payload.module);
    if (!module?.checkAhead || admitted.has(operation)) return;
    pass(operation);
    await module.checkAhead(operation, run);
  };
  let inForce: Rules;
  try {
    inForce = rules();
  } catch {
    return;
  }
  // Most modules do not, and a promise for each operation is not for free.
  const some = operations.filter(({ payload }) => inForce.modules.get(payload.module)?.checkAhead);
  if (some.length > 0) await Promise.allSettled(some.map((operation) => work(operation, inForce)));
}
