import { fromBase64, type HttpRequest, type HttpResponse, type Route } from '@attestel/core';
import { OCSP_LIMITS } from './request.ts';
import type { OcspAnswer, OcspResponder } from './responder.ts';
import { OCSP_STATUS, ocspError } from './response.ts';

export interface OcspRoutesOptions {
  readonly responder: OcspResponder;
  /** Where it listens; stands in certificates and in gateways' configuration. */
  readonly path?: string;
}

/** OCSP over HTTP (RFC 6960 appendix A.1, RFC 5019 §5). */
export function ocspRoutes({ responder, path = '/ocsp' }: OcspRoutesOptions): Route[] {
  return [
    {
      method: 'POST',
      path,
      summary: 'OCSP: certificate status from the ledger',
      errors: 'problem',
      accepts: ['application/ocsp-request'],
      maxBodyBytes: OCSP_LIMITS.requestBytes,
      isDirect: true,
      handle: async ({ body }) => written(await responder.respond(body), false),
    },
    {
      method: 'GET',
      path: `${path}/*request`,
      summary: 'OCSP: certificate status, the request as base64 in the path',
      errors: 'problem',
      cors: true,
      handle: async (request) => {
        const der = requestIn(request, path);
        return der ? written(await responder.respond(der), true) : malformed;
      },
    },
  ];
}

const CONTENT_TYPE = 'application/ocsp-response';

/** RFC 5019 §6.2: answers to GET tell caches how long they may be kept. */
const written = ({ der, maxAge }: OcspAnswer, isCacheable: boolean): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': CONTENT_TYPE,
    'cache-control':
      isCacheable && maxAge !== undefined
        ? `max-age=${maxAge}, public, no-transform, must-revalidate`
        : 'no-store',
  },
  body: der,
});

const malformed = written({ der: ocspError(OCSP_STATUS.malformedRequest), maxAge: undefined }, false);

const MAX_PATH_CHARACTERS = 4096;

/** From the URL itself: base64 has slashes, which routers take apart. */
function requestIn({ url }: HttpRequest, path: string) {
  const from = url.pathname.indexOf(`${path}/`) + path.length + 1;
  const encoded = url.pathname.slice(from);
  if (encoded.length > MAX_PATH_CHARACTERS) return undefined;
  try {
    return fromBase64(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}
