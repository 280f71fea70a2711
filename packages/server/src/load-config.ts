import type { z } from 'zod';
import { type NodeConfig, type NodeConfigInput, nodeConfigSchema } from './config.schema.ts';
import { fail } from './errors.ts';

/**
 * Validates a configuration, wherever it was read from.
 * @throws AppError config_unknown_key (with the nearest valid name), config_invalid, demo_in_production
 */
export function parseNodeConfig(input: unknown): NodeConfig {
  const parsed = nodeConfigSchema.safeParse(input);
  if (!parsed.success) throw toError(parsed.error);
  const config = parsed.data;
  if (config.environment === 'production' && config.roles.issuer?.demo) {
    throw fail('demo_in_production', { field: 'roles.issuer.demo' });
  }
  return config;
}

/** `ATTESTEL_CONFIG_HTTP__PORT=8080` sets `http.port`: two underscores go one level down. JSON values where they parse. */
export function withEnvironment(
  input: NodeConfigInput,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  const merged = structuredClone(input) as Record<string, unknown>;
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('ATTESTEL_CONFIG_') || value === undefined) continue;
    const path = name.slice('ATTESTEL_CONFIG_'.length).toLowerCase().split('__').map(toCamel);
    setAt(merged, path, parseValue(value));
  }
  return merged;
}

const toCamel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = target;
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(at, name) ? at[name] : undefined;
    if (typeof next === 'object' && next !== null) at = next as Record<string, unknown>;
    else {
      const created: Record<string, unknown> = {};
      at[name] = created;
      at = created;
    }
  }
  at[path.at(-1) as string] = value;
}

function toError(error: z.ZodError) {
  const issue = error.issues[0];
  const field = issue?.path.join('.') || '(root)';
  if (issue?.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] as string;
    const nearest = nearestName(unknown, KNOWN_NAMES);
    const hint = nearest ? `, did you mean ${nearest}?` : '';
    return fail('config_unknown_key', { field: `${field === '(root)' ? '' : `${field}.`}${unknown}${hint}` });
  }
  return fail('config_invalid', { field: `${field} (${issue?.message ?? 'invalid'})` });
}

const KNOWN_NAMES = [
  'instance',
  'network',
  'dataDir',
  'name',
  'http',
  'origin',
  'host',
  'port',
  'tls',
  'submissions',
  'requests',
  'metrics',
  'eventStreams',
  'certFile',
  'keyFile',
  'ledger',
  'follow',
  'url',
  'checkpointKey',
  'policyFile',
  'policyLinks',
  'genesisFile',
  'peers',
  'pollSeconds',
  'heartbeatSeconds',
  'acknowledgedAlarm',
  'solo',
  'maxClockLeapDays',
  'cometbft',
  'p2pAddress',
  'rpcAddress',
  'nodeId',
  'address',
  'commitMilliseconds',
  'snapshotEveryBlocks',
  'stateSync',
  'rpcServers',
  'trustHeight',
  'trustHash',
  'roles',
  'resolver',
  'issuer',
  'bridge',
  'wallet',
  'installer',
  'walletUrl',
  'deskDids',
  'demo',
  'seed',
  'subscribers',
  'statusListSize',
  'quarantineDays',
  'rebindingHours',
  'statusRefreshSeconds',
  'subjectVersion',
  'endpoint',
  'operators',
  'pki',
  'publishers',
  'plain',
  'ca',
  'algorithm',
  'token',
  'library',
  'label',
  'pinFile',
  'certificateFile',
  'validityYears',
  'organization',
  'profiles',
  'domain',
  'contracts',
  'blindChannels',
  'webhooks',
  'authorizationFile',
  'channels',
  'modules',
  'slices',
  'nfTypes',
  'validityDays',
  'accounts',
  'password',
  'ocsp',
  'validitySeconds',
  'maxStateSeconds',
  'listener',
  'maxConnections',
  'crl',
  'cmp',
  'est',
  'logLevel',
  'environment',
] as const;

/** Nearest name by edit distance, if it is near enough to be a slip of the pen. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((k) => ({ k, d: editDistance(name.toLowerCase(), k.toLowerCase()) }))
    .sort((a, b) => a.d - b.d);
  const best = ranked[0];
  return best && best.d <= Math.max(2, Math.floor(name.length / 3)) ? best.k : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] as number;
}
