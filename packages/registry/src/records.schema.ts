import { z } from 'zod';

const displayName = z.object({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
const status = z.enum(['active', 'suspended']);

export const memberSchema = z.object({
  did: z.string(),
  name: displayName,
  roles: z.array(
    z.enum(['operator', 'vendor', 'regulator', 'auditor', 'tower-company', 'platform', 'app', 'bridge']),
  ),
  status: z.enum(['active', 'suspended', 'left']),
  statusSince: z.int().min(0),
});
export const issuerSchema = z.object({
  did: z.string(),
  issuerUrl: z.url({ protocol: /^https?$/ }),
  name: displayName,
  types: z.array(
    z.object({ vct: z.string(), validity: z.object({ from: z.int(), until: z.int().nullable() }) }),
  ),
  status,
});
export const bridgeSchema = z.object({
  did: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  member: z.string(),
  name: displayName,
  status,
});
export const appSchema = z.object({
  clientId: z.string(),
  member: z.string(),
  name: displayName,
  purpose: displayName,
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  claims: z.array(z.string()),
  authentication: z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']),
  jwks: z.string().nullable(),
  secretVersion: z.int(),
  status,
});
