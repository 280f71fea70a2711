import { type Bytes, fromBase64 } from '@attestel/core';
import type { OcspAnswer, OcspResponder } from './responder.ts';
import { OCSP_STATUS, ocspError } from './response.ts';

export const OCSP_PATH = '/ocsp';
export const REQUEST_TYPE = 'application/ocsp-request';
export const RESPONSE_TYPE = 'application/ocsp-response';

/** An answer as HTTP carries it (RFC 6960 appendix A.2). */
export interface OcspHttpAnswer {
  readonly der: Bytes;
  readonly cacheControl: string;
}

export async function answerPost(responder: OcspResponder, body: Bytes): Promise<OcspHttpAnswer> {
  const { der } = await responder.respond(body);
  return { der, cacheControl: NO_STORE };
}

/** @param encoded what follows the responder's path in the URL: the request as base64, percent-encoded */
export async function answerGet(responder: OcspResponder, encoded: string): Promise<OcspHttpAnswer> {
  const der = requestIn(encoded);
  if (!der) return MALFORMED;
  const answer = await responder.respond(der);
  return { der: answer.der, cacheControl: cacheControlOf(answer) };
}

const NO_STORE = 'no-store';
const MALFORMED: OcspHttpAnswer = { der: ocspError(OCSP_STATUS.malformedRequest), cacheControl: NO_STORE };

/** RFC 5019 §6.2: answers to GET tell caches how long they may be kept. */
const cacheControlOf = ({ maxAge }: OcspAnswer): string =>
  maxAge === undefined ? NO_STORE : `max-age=${maxAge}, public, no-transform, must-revalidate`;

const MAX_PATH_CHARACTERS = 4096;

function requestIn(encoded: string): Bytes | undefined {
  if (encoded.length > MAX_PATH_CHARACTERS) return undefined;
  try {
    return fromBase64(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}
