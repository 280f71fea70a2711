import { z } from 'zod';
import { fail } from './errors.ts';
import type { App, Bridge, Issuer, Member, RegistryClient } from './types.ts';

export interface RegistryClientOptions {
  /** Origin (and path, if any) of a node, such as `https://node.example`. */
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** Characters of an answer; a list of hundreds of issuers is far below. */
const MAX_ANSWER = 1_000_000;

const displayName = z.object({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
const status = z.enum(['active', 'suspended']);

const memberSchema = z.object({
  did: z.string(),
  name: displayName,
  roles: z.array(
    z.enum(['operator', 'vendor', 'regulator', 'auditor', 'tower-company', 'platform', 'app', 'bridge']),
  ),
  status: z.enum(['active', 'suspended', 'left']),
  statusSince: z.int().min(0),
});
const issuerSchema = z.object({
  did: z.string(),
  issuerUrl: z.url({ protocol: /^https?$/ }),
  name: displayName,
  types: z.array(
    z.object({ vct: z.string(), validity: z.object({ from: z.int(), until: z.int().nullable() }) }),
  ),
  status,
});
const bridgeSchema = z.object({
  did: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  member: z.string(),
  name: displayName,
  status,
});
const appSchema = z.object({
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

/**
 * Asks a node's registry, as wallets do; runs in browsers. What is suspended is not returned. Members
 * the node adds to records later are ignored; anything else unexpected is `registry_unavailable`.
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const one = async <T extends { status: string }>(
    kind: string,
    id: string,
    schema: z.ZodType<T>,
    idOf: (record: T) => string,
  ): Promise<T | undefined> => {
    const answer = await ask(options, `${kind}/${encodeURIComponent(id)}`);
    if (answer === undefined) return undefined;
    const record = parse(schema, answer);
    // A node that answers with another record must not pass for the one asked for.
    if (idOf(record) !== id) throw fail('registry_unavailable', { detail: `${kind}: other record` });
    return record.status === 'active' ? record : undefined;
  };
  return {
    member: (did): Promise<Member | undefined> => one('members', did, memberSchema, (m) => m.did),
    issuer: (did): Promise<Issuer | undefined> => one('issuers', did, issuerSchema, (i) => i.did),
    bridge: (did): Promise<Bridge | undefined> => one('bridges', did, bridgeSchema, (b) => b.did),
    app: (clientId): Promise<App | undefined> => one('apps', clientId, appSchema, (a) => a.clientId),
    async issuers() {
      const all: readonly Issuer[] = parse(z.array(issuerSchema), await ask(options, 'issuers'));
      return all.filter((issuer) => issuer.status === 'active');
    },
  };
}

/** Undefined where the node says 404. */
async function ask(options: RegistryClientOptions, path: string): Promise<unknown> {
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/registry/${path}`;
  const ask = options.fetch;
  try {
    const response = await ask(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new TypeError(`registry: HTTP ${response.status}`);
    const text = await response.text();
    if (text.length > MAX_ANSWER) throw new TypeError('registry: answer too long');
    return JSON.parse(text);
  } catch (cause) {
    throw fail('registry_unavailable', { cause });
  }
}

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw fail('registry_unavailable', { detail: 'answer in another form' });
  return parsed.data;
}
