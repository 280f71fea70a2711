import { fail } from '../errors.ts';
import type { DecodeBase64url } from '../jose/codec.ts';
import { type CompactJws, parseCompactJws } from '../jose/compact-jws.ts';
import { LIMITS } from '../limits.ts';
import { type Disclosure, parseDisclosure } from './disclosure.ts';

/** An SD-JWT or SD-JWT+KB taken apart (RFC 9901 §4); nothing about it is verified. */
export interface ParsedSdJwt {
  readonly issuerSigned: CompactJws;
  readonly disclosures: readonly Disclosure[];
  /** Issuer-signed JWT and disclosures, each with its ~: what `sd_hash` is taken over (§4.3.1). */
  readonly sdJwt: string;
  /** The key binding JWT as sent; undefined in an SD-JWT. */
  readonly keyBinding: string | undefined;
}

/** Takes a hostile SD-JWT or SD-JWT+KB in compact serialization apart. */
export function parseSdJwt(text: string, decode?: DecodeBase64url): ParsedSdJwt {
  if (text.length > LIMITS.presentationChars) throw fail('sd_jwt_too_large');
  const end = text.lastIndexOf('~');
  if (end < 0) throw fail('sd_jwt_no_separator');
  const tail = text.slice(end + 1);
  // §4: everything but a key binding JWT ends with ~; a disclosure has no dot, a JWS has two.
  if (tail !== '' && !tail.includes('.')) throw fail('sd_jwt_not_terminated');
  const [jws = '', ...encoded] = text.slice(0, end).split('~', LIMITS.disclosures + 2);
  if (encoded.length > LIMITS.disclosures) throw fail('sd_jwt_too_many_disclosures');
  if (encoded.includes('')) throw fail('sd_jwt_empty_part');
  return {
    issuerSigned: parseCompactJws(jws, decode),
    disclosures: encoded.map((disclosure) => parseDisclosure(disclosure, decode)),
    sdJwt: text.slice(0, end + 1),
    keyBinding: tail === '' ? undefined : tail,
  };
}
