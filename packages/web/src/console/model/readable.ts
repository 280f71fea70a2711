import type { JsonValue } from '@attestel/core';

/** How a value of a state or payload is shown. */
export type Readable =
  | { readonly as: 'text'; readonly text: string }
  | { readonly as: 'time'; readonly seconds: number }
  | { readonly as: 'party'; readonly did: string }
  | { readonly as: 'digest'; readonly hex: string }
  | { readonly as: 'truth'; readonly isTrue: boolean }
  /** Every member of the channel, in place of DIDs. */
  | { readonly as: 'everyone' }
  | { readonly as: 'nothing' }
  | { readonly as: 'list'; readonly items: readonly JsonValue[] }
  | { readonly as: 'fields'; readonly fields: readonly (readonly [name: string, value: JsonValue])[] };

/** Fields that hold unix seconds wherever they stand in the kinds' states and events. */
const TIMES: ReadonlySet<string> = new Set([
  ...['at', 'begun', 'changed', 'closed', 'due', 'expires', 'from', 'last', 'opened', 'paid', 'published'],
  ...['received', 'resolved', 'confirmed', 'since', 'time', 'until', 'validUntil'],
]);
/** 2001-09-09: smaller numbers are counts, whatever their name. */
const FIRST_TIME = 1_000_000_000;
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/;
export const EVERYONE = '*';
const DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/;

/** By its form and its name: what parties wrote is never more than text, times, names and digests. */
export function readable(name: string, value: JsonValue): Readable {
  if (value === null) return { as: 'nothing' };
  if (typeof value === 'boolean') return { as: 'truth', isTrue: value };
  if (typeof value === 'number')
    return TIMES.has(name) && value >= FIRST_TIME
      ? { as: 'time', seconds: value }
      : { as: 'text', text: String(value) };
  if (typeof value === 'string') return ofText(value);
  if (Array.isArray(value)) return value.length === 0 ? { as: 'nothing' } : { as: 'list', items: value };
  const fields = Object.entries(value as { readonly [field: string]: JsonValue });
  return fields.length === 0 ? { as: 'nothing' } : { as: 'fields', fields };
}

function ofText(text: string): Readable {
  if (text === '') return { as: 'nothing' };
  if (text === EVERYONE) return { as: 'everyone' };
  if (DID.test(text)) return { as: 'party', did: text };
  return DIGEST.test(text) ? { as: 'digest', hex: text } : { as: 'text', text };
}
