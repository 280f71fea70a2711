import { json, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { authorizationServerMetadata } from '../metadata/authorization-server-metadata.ts';
import { credentialIssuerMetadata } from '../metadata/credential-issuer-metadata.ts';

const CACHE = { 'cache-control': 'public, max-age=300' };

/**
 * Both metadata documents, each at the well-known path inserted before the issuer's own path
 * (OID4VCI 1.0 §12.2.2, RFC 8414 §3).
 */
export function metadataEndpoints(issuer: IssuerContext): Route[] {
  const documents: [name: string, summary: string, make: () => unknown][] = [
    ['openid-credential-issuer', 'Credential issuer metadata', () => credentialIssuerMetadata(issuer)],
    [
      'oauth-authorization-server',
      'Authorization server metadata',
      () => authorizationServerMetadata(issuer),
    ],
  ];
  return documents.map(([name, summary, make]) => ({
    method: 'GET',
    path: `/.well-known/${name}${issuer.basePath}`,
    summary,
    errors: 'problem',
    cors: true,
    handle: () => json(make(), 200, CACHE),
  }));
}
