import { fromUtf8, type HttpRequest, type JsonValue, parseStrictJson } from '@attestel/core';
import { fail } from '../errors.ts';
import { instantOf } from '../module/instant.ts';
import { JSON_LIMITS } from '../module/json-limits.ts';

const OBJECT_ID = /^[0-9a-f]{32}$/;
const LINE_ID = /^[0-9a-f]{64}$/;
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,240}$/;

/** Parameters of the query string, each once, none but those named. @throws AppError invalid_argument */
export function onlyParameters<Name extends string>(
  { url }: HttpRequest,
  names: readonly Name[],
): { readonly [name in Name]?: string } {
  const found: { [name: string]: string } = {};
  for (const [name, value] of url.searchParams) {
    const known = (names as readonly string[]).includes(name);
    if (!known || Object.hasOwn(found, name)) throw fail('invalid_argument', { field: pointer(name) });
    found[name] = value;
  }
  return found as { readonly [name in Name]?: string };
}

/** A JSON pointer to a parameter (RFC 6901 §3); names come from strangers, so they are cut. */
export const pointer = (name: string): string =>
  `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** @throws AppError invalid_argument */
export const objectIdOf = (text: string | undefined): string | undefined => matching(text, OBJECT_ID, '/id');

/** Where a part of a list begins. @throws AppError invalid_argument */
export const placeOf = (text: string | undefined): string | undefined => matching(text, OBJECT_ID, '/after');

/** How many objects a part of a list is made from: 1 to 1000. @throws AppError invalid_argument */
export function limitOf(text: string | undefined): number | undefined {
  const limit = matching(text, /^(?:[1-9]\d{0,2}|1000)$/, '/limit');
  return limit === undefined ? undefined : Number(limit);
}

/** @throws AppError invalid_argument */
export const headOf = (text: string | undefined): string | undefined => matching(text, LINE_ID, '/head');

/** On whose behalf somebody asks. @throws AppError invalid_argument */
export const principalOf = (text: string | undefined): string | undefined => matching(text, DID, '/as');

/** Unix seconds of an RFC 3339 time. @throws AppError invalid_argument */
export const timeOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : instantOf(text, '/at');

function matching(text: string | undefined, form: RegExp, field: string): string | undefined {
  if (text !== undefined && !form.test(text)) throw fail('invalid_argument', { field });
  return text;
}

export const CREDENTIALS_HEADER = 'attestel-credential';
export const MAX_PRESENTED = 8;
export const COMPACT_JWT = /^[\w-]{2,1024}\.[\w-]{2,8192}\.[\w-]{2,1024}$/;

/**
 * Credentials that the caller brings along, beside those that the node keeps: compact JWTs, a list as RFC 9110 §5.6.1 has
 * it. @throws AppError invalid_argument
 */
export function presentedIn({ headers }: HttpRequest): readonly string[] {
  const given = headers[CREDENTIALS_HEADER];
  if (given === undefined) return [];
  const jwts = given.split(',').map((one) => one.trim());
  const isFitting = jwts.length <= MAX_PRESENTED && jwts.every((one) => COMPACT_JWT.test(one));
  if (!isFitting) throw fail('invalid_argument', { field: `/${CREDENTIALS_HEADER}` });
  return jwts;
}

/** What a path names must have the form of what there is. @throws AppError not_found */
export function idInPath({ params }: HttpRequest, name: 'id' | 'line'): string {
  const text = params[name] ?? '';
  if (!(name === 'id' ? OBJECT_ID : LINE_ID).test(text)) throw fail('not_found');
  return text;
}

/** Parameters of a command: exactly the body. @throws AppError invalid_argument */
export function commandData({ body }: HttpRequest): JsonValue {
  try {
    return parseStrictJson(fromUtf8(body), JSON_LIMITS);
  } catch {
    throw fail('invalid_argument', { field: '/', extra: { rule: 'json' } });
  }
}
