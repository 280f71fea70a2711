import { type Bytes, multikeyFromText, systemClock, unixSeconds } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { type BatchTerms, batchIdOf } from '@attestel/pki';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { instant, requiredText, textOr, wholeNumber } from '../option-values.ts';
import { hashOf } from './read-argument.ts';
import { type PkiChange, sendChange, signingOf } from './send-change.ts';
import { withId } from './with-id.ts';

type Values = CommandInput['values'];

const MOST = 999_999_999_999;
const MONTH = 30 * 86_400;

export const run: Run = async ({ values }) => {
  const terms = termsOf(values);
  const signing = await signingOf(values);
  const { actor } = signing;
  const batch = batchIdOf(terms, { network: parseDid(actor).network, vendor: actor });
  const change = { kind: 'batch.authorise', body: terms as unknown as PkiChange['body'] } as const;
  const sent = withId(await sendChange(values, signing, change), 'batch', batch);
  const next = 'attestel pki statement: what each device signs, with the batch as its challenge';
  return { next, ...sent };
};

function termsOf(values: Values): BatchTerms {
  const first = requiredText(values, 'first');
  const [, prefix = '', from = ''] = /^(.*?)([0-9]{1,12})$/.exec(first) ?? [];
  if (from === '') throw fail('option_invalid', { field: '--first (a serial that ends in digits)' });
  const count = wholeNumber(values, 'count', { fallback: 0, least: 1, most: 1_000_000 });
  const to = Number(from) + count - 1;
  if (to > MOST || String(to).length > from.length) {
    throw fail('option_invalid', { field: '--count (more than the digits of the serial can name)' });
  }
  return {
    anchor: hashOf(requiredText(values, 'anchor'), '--anchor'),
    product: requiredText(values, 'product'),
    number: requiredText(values, 'number'),
    count,
    serials: { prefix, digits: from.length, from: Number(from), to },
    line: lineOf(values),
    expiry: instant(values, 'expiry', unixSeconds(systemClock) + MONTH),
    destination: textOr(values, 'destination', null),
  };
}

function lineOf(values: Values): Bytes | null {
  const text = textOr(values, 'line', undefined);
  try {
    return text === undefined ? null : multikeyFromText(text);
  } catch (cause) {
    throw fail('option_invalid', { field: '--line (a public key as multikey)', cause });
  }
}
