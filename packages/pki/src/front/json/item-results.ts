import type { AppError, Bytes } from '@attestel/core';
import type { LedgerEvent, Operation } from '@attestel/ledger';
import type { ItemFacts } from '../../module/bodies.schema.ts';

export type ItemResult =
  | {
      readonly ok: true;
      /** SHA-256 of the certificate's DER. */
      readonly hash: Bytes;
      /** Its number among all published certificates. */
      readonly index: number;
      /** Where one was asked for, and can be made. */
      readonly receipt?: Bytes | undefined;
    }
  | { readonly ok: false; readonly code: string };

/** What became of each item of a submission that was accepted. */
export function resultsOf({ payload }: Operation, events: readonly LedgerEvent[]): readonly ItemResult[] {
  const items = payload.body.items as readonly (ItemFacts | string)[];
  const event = events.find(({ type }) => type === 'submit') as LedgerEvent;
  const { first, rejected } = event.data as unknown as SubmitDetail;
  const codes = new Map(rejected);
  let index = first;
  return items.map((item, i): ItemResult => {
    const code = codes.get(i);
    return code === undefined
      ? { ok: true, hash: (item as ItemFacts)[0], index: index++ }
      : { ok: false, code };
  });
}

interface SubmitDetail {
  readonly first: number;
  readonly rejected: readonly (readonly [number, string])[];
}

/** Codes of all items, where what was refused is the items and not the submission around them. */
export function refusedItems({ code, field, extra }: AppError, count: number): readonly string[] | undefined {
  if (field !== '/items/0') return undefined;
  const codes = typeof extra.codes === 'string' ? extra.codes.split(' ') : [code];
  return codes.length === count ? codes : undefined;
}
