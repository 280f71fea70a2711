import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import {
  answerGet,
  answerPost,
  OCSP_PATH,
  type OcspHttpAnswer,
  REQUEST_TYPE,
  RESPONSE_TYPE,
} from './over-http.ts';
import { OCSP_LIMITS } from './request.ts';
import type { OcspResponder } from './responder.ts';

export interface OcspRoutesOptions {
  readonly responder: OcspResponder;
  /** Where it listens; stands in certificates and in gateways' configuration. */
  readonly path?: string;
}

/** OCSP over HTTP (RFC 6960 appendix A.1, RFC 5019 §5). */
export function ocspRoutes({ responder, path = OCSP_PATH }: OcspRoutesOptions): Route[] {
  return [
    {
      method: 'POST',
      path,
      summary: 'OCSP: certificate status from the ledger',
      errors: 'problem',
      accepts: [REQUEST_TYPE],
      maxBodyBytes: OCSP_LIMITS.requestBytes,
      isDirect: true,
      handle: async ({ body }) => written(await answerPost(responder, body)),
    },
    {
      method: 'GET',
      path: `${path}/*request`,
      summary: 'OCSP: certificate status, the request as base64 in the path',
      errors: 'problem',
      cors: true,
      handle: async (request) => written(await answerGet(responder, encodedIn(request, path))),
    },
  ];
}

const written = ({ der, cacheControl }: OcspHttpAnswer): HttpResponse => ({
  status: 200,
  headers: { 'content-type': RESPONSE_TYPE, 'cache-control': cacheControl },
  body: der,
});

/** From the URL itself: base64 has slashes, which routers take apart. */
function encodedIn({ url }: HttpRequest, path: string): string {
  const from = url.pathname.indexOf(`${path}/`) + path.length + 1;
  return url.pathname.slice(from);
}
