import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import { CMP_LIMITS } from './message.ts';
import type { CmpServer } from './server.ts';

export interface CmpRoutesOptions {
  readonly server: CmpServer;
  readonly path?: string;
}

const CONTENT_TYPE = 'application/pkixcmp';

/** CMP over HTTP (RFC 9811 §3). A name after `/p/` chooses the CA or profile (RFC 9483 §6.1). */
export function cmpRoutes({ server, path = '/.well-known/cmp' }: CmpRoutesOptions): Route[] {
  const handle = async ({ body, params }: HttpRequest): Promise<HttpResponse> => {
    const { der, isUnreadable } = await server.respond(body, params.label);
    const headers = { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' };
    return { status: isUnreadable ? 400 : 200, headers, body: der };
  };
  const route = (suffix: string, summary: string): Route => ({
    method: 'POST',
    path: `${path}${suffix}`,
    summary,
    errors: 'problem',
    accepts: [CONTENT_TYPE],
    maxBodyBytes: CMP_LIMITS.messageBytes,
    isDirect: true,
    handle,
  });
  return [
    route('', 'CMP: enrol, renew, revoke, confirm'),
    route('/p/:label', 'CMP for one certificate authority or profile'),
  ];
}
