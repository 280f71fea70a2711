import { toBase64url, utf8 } from '@attestel/core';
import type { NodeAnswer } from '../field/answer-of.ts';
import { type PhoneKey, signWith } from './keys.ts';

/** Who calls: a DID whose key is on this phone. */
export interface Caller {
  readonly did: string;
  readonly key: PhoneKey;
  /** Origin of the node, as its tokens name it. */
  readonly audience: string;
}

const TOKEN_SECONDS = 120;
const TIMEOUT_MS = 30_000;
/** A pack of 20,000 devices. */
const MAX_ANSWER_CHARS = 16_777_216;

/** A short-lived token for one node (did-mno §10): what `createPartyToken` makes, by a key of Web Crypto. */
async function tokenOf({ did, key, audience }: Caller): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value: object): string => toBase64url(utf8(JSON.stringify(value)));
  const header = part({ alg: 'ES256', typ: 'JWT', kid: `${did}#key-1` });
  const input = `${header}.${part({ aud: audience, iat, exp: iat + TOKEN_SECONDS, iss: did })}`;
  return `${input}.${toBase64url(await signWith(key, utf8(input)))}`;
}

/** Asks the node that serves the page. Undefined: there was no answer. */
export async function callNode(
  path: string,
  { caller, body }: { readonly caller?: Caller; readonly body?: unknown } = {},
): Promise<NodeAnswer | undefined> {
  try {
    const response = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(caller ? { authorization: `Bearer ${await tokenOf(caller)}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...{ cache: 'no-store', credentials: 'omit', redirect: 'error' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text.length > MAX_ANSWER_CHARS ? null : parse(text) };
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
