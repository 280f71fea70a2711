import type { Bytes } from '@attestel/core';
import { type OcspHttpAnswer, RESPONSE_TYPE } from '../ocsp/over-http.ts';
import type { Refusal } from './request-head.ts';

/** Reason phrases (RFC 9110 §15) of what is answered here. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  411: 'Length Required',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  505: 'HTTP Version Not Supported',
};

export const CONTINUE: Bytes = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');

export interface AnswerForm {
  /** To a GET: pages of others may read it, as they may on the node's own listener. */
  readonly isGet: boolean;
  /** The connection ends with it. */
  readonly closes: boolean;
}

/** Head and content in one piece. @param milliseconds Unix time */
export function writeAnswer(
  { der, cacheControl }: OcspHttpAnswer,
  { isGet, closes }: AnswerForm,
  milliseconds: number,
): Buffer {
  const head =
    `HTTP/1.1 200 OK\r\nDate: ${dateOf(milliseconds)}\r\n` +
    `Content-Type: ${RESPONSE_TYPE}\r\nCache-Control: ${cacheControl}\r\nX-Content-Type-Options: nosniff\r\n` +
    `Content-Length: ${der.length}\r\n${isGet ? ANY_ORIGIN : ''}${closes ? CLOSE : ''}\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + der.length);
  bytes.write(head, 'latin1');
  bytes.set(der, head.length);
  return bytes;
}

const ANY_ORIGIN = 'Access-Control-Allow-Origin: *\r\n';
const CLOSE = 'Connection: close\r\n';

/** Without content: the status says it all. @param milliseconds Unix time */
export function writeRefusal({ status, allow }: Refusal, milliseconds: number): Buffer {
  const allowed = allow === undefined ? '' : `Allow: ${allow}\r\n`;
  return Buffer.from(
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\nDate: ${dateOf(milliseconds)}\r\n` +
      `${allowed}Content-Length: 0\r\n${CLOSE}\r\n`,
    'latin1',
  );
}

let known = { second: Number.NaN, text: '' };

/** IMF-fixdate (RFC 9110 §5.6.7), written once a second. */
function dateOf(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  if (known.second !== second) known = { second, text: new Date(second * 1000).toUTCString() };
  return known.text;
}
