import { setImmediate } from 'node:timers/promises';
import { isAppError } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import type { BuiltSubmission, SubmissionRequest } from '../../build/build-submission.ts';
import { buildSubmission } from '../../build/pki-submission.ts';
import { fail } from '../../errors.ts';
import { type WantedReceipts, withItemReceipts } from './item-receipts.ts';
import { type ItemResult, refusedItems, resultsOf } from './item-results.ts';

/** So that threads have the certificates of one part while this one reads what they found in another. */
const CHECKED_AT_ONCE = 2;

/**
 * Publishes the parts of a submission, in order: while some become durable, and receipts are made of others, the next are checked.
 * What is on the ledger is told, also where another part was refused as a whole. One result for each item. @throws what refused all parts
 */
export async function publishParts(
  ledger: Ledger,
  parts: readonly SubmissionRequest[],
  receipts: WantedReceipts = 'none',
): Promise<readonly ItemResult[]> {
  const receipted = (results: readonly ItemResult[]): Promise<readonly ItemResult[]> =>
    withItemReceipts(ledger.proofs, results, receipts);
  const built: Promise<PromiseSettledResult<BuiltSubmission>>[] = [];
  const published: Promise<PromiseSettledResult<readonly ItemResult[]>>[] = [];
  for (const [number, part] of parts.entries()) {
    await built[number - CHECKED_AT_ONCE];
    const before = built.at(-1);
    const building = settled(buildSubmission(part));
    built.push(building);
    published.push(settled(publishOne(ledger, part.items.length, building, before).then(receipted)));
    // Where this thread does the checking, others have waited.
    await setImmediate();
  }
  return joined(parts, await Promise.all(published));
}

/** A part of which nothing is left is no operation; its items still have their answers. */
async function publishOne(
  ledger: Ledger,
  count: number,
  building: Promise<PromiseSettledResult<BuiltSubmission>>,
  before: Promise<unknown> | undefined,
): Promise<readonly ItemResult[]> {
  try {
    const built = await building;
    await before;
    if (built.status === 'rejected') throw built.reason;
    const { operation } = built.value;
    const [result] = await ledger.submit([operation]);
    if (!result) throw fail('pki_nothing_accepted');
    if (!result.ok) throw result.error;
    return resultsOf(operation, result.events);
  } catch (error) {
    const codes = isAppError(error) ? refusedItems(error, count) : undefined;
    if (!codes) throw error;
    return codes.map((code) => ({ ok: false, code }));
  }
}

const settled = async <T>(work: Promise<T>): Promise<PromiseSettledResult<T>> =>
  (await Promise.allSettled([work]))[0];

function joined(
  parts: readonly SubmissionRequest[],
  results: readonly PromiseSettledResult<readonly ItemResult[]>[],
): readonly ItemResult[] {
  const isAll = results.every(({ status }) => status === 'rejected');
  return results.flatMap((one, i): readonly ItemResult[] => {
    if (one.status === 'fulfilled') return one.value;
    if (isAll || !isAppError(one.reason)) throw one.reason;
    const { code } = one.reason;
    return (parts[i]?.items ?? []).map(() => ({ ok: false, code }));
  });
}
