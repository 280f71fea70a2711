import type { JsonValue } from '@attestel/core';
import { fail } from '../errors.ts';
import { type DecodeBase64url, decodeText } from '../jose/codec.ts';
import { parseStrictJson } from '../jose/strict-json.ts';
import { LIMITS } from '../limits.ts';

/** One disclosure: of an object property (with `name`) or of an array element (RFC 9901 §4.2). */
export interface Disclosure {
  /** As sent: the digest is taken over these characters (§4.2.3). */
  readonly encoded: string;
  readonly name: string | undefined;
  readonly value: JsonValue;
}

export function parseDisclosure(encoded: string, decode?: DecodeBase64url): Disclosure {
  if (encoded.length > LIMITS.disclosureChars) throw fail('disclosure_too_large');
  const parts = parseStrictJson(decodeText(encoded, decode));
  if (!Array.isArray(parts)) throw fail('disclosure_not_array');
  if (parts.length !== 2 && parts.length !== 3) throw fail('disclosure_arity');
  const [salt, name] = parts;
  if (typeof salt !== 'string' || salt === '') throw fail('disclosure_salt_not_string');
  if (parts.length === 2) return { encoded, name: undefined, value: parts[1] as JsonValue };
  if (typeof name !== 'string') throw fail('disclosure_name_not_string');
  return { encoded, name, value: parts[2] as JsonValue };
}
