import { type Bytes, fromBase64, fromUtf8, type HttpResponse, toBase64 } from '@attestel/core';
import { type KeyRequest, parseCertificationRequest } from '../../ca/certification-request.ts';
import { fail } from '../errors.ts';
import { writeCertsOnly } from './cms-certs.ts';

export const EST_LIMITS = { bodyBytes: 32_768 } as const;

/**
 * A PKCS #10 request in base64 (RFC 7030 §4.2.1). RFC 8951 §3.1: the transfer encoding header says nothing, and
 * white space may stand anywhere.
 * @throws AppError est_body, request_*, and those of @attestel/x509
 */
export function readRequestBody(body: Bytes): { readonly wanted: KeyRequest; readonly der: Bytes } {
  if (body.length === 0 || body.length > EST_LIMITS.bodyBytes) throw fail('est_body');
  let der: Bytes;
  try {
    der = fromBase64(fromUtf8(body).replace(/[ \t\r\n]+/g, ''));
  } catch {
    throw fail('est_body');
  }
  return { wanted: parseCertificationRequest(der), der };
}

/** One line: strongSwan 5.9.8 takes no line breaks, and RFC 8951 §3.1 wants none. */
function inBase64(bytes: Bytes, contentType: string): HttpResponse {
  const body = toBase64(bytes);
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'content-transfer-encoding': 'base64',
      // strongSwan 5.9.8 reads nothing of an answer in chunks.
      'content-length': String(body.length),
      'cache-control': 'no-store',
    },
    body,
  };
}

export const certificatesAnswer = (certificates: readonly Bytes[]): HttpResponse =>
  inBase64(writeCertsOnly(certificates), 'application/pkcs7-mime; smime-type=certs-only');

export const attributesAnswer = (attributes: Bytes): HttpResponse =>
  inBase64(attributes, 'application/csrattrs');
