import type { JsonSchema } from '../../module/module.ts';

// White space, controls, and what nobody sees: two names that look the same are the same.
const SEEN =
  '[^\\s\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0]';

const wordsOf = (one: string): string => `^${one}+( ${one}+)*$`;

/** Name of a vendor: words with one blank between, nothing invisible. */
export const VENDOR: JsonSchema = { type: 'string', minLength: 1, maxLength: 64, pattern: wordsOf(SEEN) };

/** A serial number as it is printed: visible ASCII, words with one blank between. */
export const SERIAL: JsonSchema = { type: 'string', minLength: 1, maxLength: 64, pattern: wordsOf('[!-~]') };
