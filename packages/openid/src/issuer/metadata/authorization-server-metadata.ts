import type { IssuerContext } from '../context.ts';

/** RFC 8414 §2, RFC 9449 §5.1, OID4VCI 1.0 §12.3, Token Status List §9.1. */
export const authorizationServerMetadata = (issuer: IssuerContext) => ({
  issuer: issuer.issuerUrl,
  token_endpoint: `${issuer.issuerUrl}/token`,
  token_endpoint_auth_methods_supported: ['none'],
  grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'],
  response_types_supported: [],
  dpop_signing_alg_values_supported: ['ES256'],
  'pre-authorized_grant_anonymous_access_supported': true,
  status_list_aggregation_endpoint: `${issuer.issuerUrl}/status-lists`,
});
