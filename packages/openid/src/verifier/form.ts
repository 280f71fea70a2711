import { type Bytes, fromUtf8 } from '@attestel/core';
import { fail } from './errors.ts';

const MAX_FIELDS = 32;

/**
 * Fields of a form body. A field twice has no meaning (RFC 6749 §3.1), so it is refused.
 * @throws response_malformed
 */
export function parseForm(body: Bytes): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let text: string;
  try {
    text = fromUtf8(body);
  } catch (cause) {
    throw fail('response_malformed', { cause });
  }
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name) || fields.size >= MAX_FIELDS) throw fail('response_malformed');
    fields.set(name, value);
  }
  return fields;
}
