import { type CborValue, systemClock, unixSeconds } from '@attestel/core';
import { createLedgerClient } from '@attestel/ledger';
import { buildRegistryOperation } from '@attestel/registry';
import type { Command } from '../command.ts';
import { type ActingParty, actAs, DATA_HELP, DATA_OPTION, dataDirOf } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { callNode, NODE_HELP, NODE_OPTION, nodeOf } from '../node-api.ts';

const BRIDGE_OPTION = { bridge: { type: 'string' } } as const;
const BRIDGE_HELP = { bridge: 'origin of the bridge (default http://localhost:4110)' };
const bridgeOf = (values: { readonly bridge?: unknown }) =>
  typeof values.bridge === 'string' ? values.bridge : 'http://localhost:4110';

export const appRegister: Command = {
  name: 'app register',
  summary: 'Register an app that may sign people in, and print its five lines of configuration',
  options: {
    ...DATA_OPTION,
    ...NODE_OPTION,
    ...BRIDGE_OPTION,
    as: { type: 'string' },
    id: { type: 'string' },
    name: { type: 'string' },
    'name-zh': { type: 'string' },
    purpose: { type: 'string' },
    'purpose-zh': { type: 'string' },
    'redirect-uri': { type: 'string', multiple: true },
    'logout-uri': { type: 'string', multiple: true },
    claim: { type: 'string', multiple: true },
    public: { type: 'boolean' },
  },
  help: {
    ...DATA_HELP,
    ...NODE_HELP,
    ...BRIDGE_HELP,
    as: 'member that vouches for the app (default platform)',
    id: 'client id: lower-case letters, digits, hyphens',
    name: 'name people see, English',
    'name-zh': 'name people see, Chinese (default: the English one)',
    purpose: 'why it asks, one sentence, English',
    'purpose-zh': 'the same in Chinese (default: the English one)',
    'redirect-uri': 'exact redirect URI; may be given again',
    'logout-uri': 'where people return after signing out; may be given again',
    claim: 'claim it may ask for, such as phone_number; may be given again',
    public: 'no client secret (single-page and native apps, PKCE)',
  },
  run: async ({ values, progress }) => {
    const text = (name: string): string => {
      const value = values[name];
      if (typeof value !== 'string' || value === '') throw fail('argument_missing', { field: `--${name}` });
      return value;
    };
    const list = (name: string): string[] => (Array.isArray(values[name]) ? (values[name] as string[]) : []);
    const optional = (name: string, fallback: string): string =>
      typeof values[name] === 'string' ? (values[name] as string) : fallback;
    if (list('redirect-uri').length === 0) throw fail('argument_missing', { field: '--redirect-uri' });
    const acting = await actAs(dataDirOf(values), optional('as', 'platform'));
    const purpose = optional('purpose', 'Sign you in');
    progress('putting the registration on the ledger …');
    await register(acting, nodeOf(values), {
      clientId: text('id'),
      member: acting.identity.did,
      name: { en: text('name'), 'zh-CN': optional('name-zh', text('name')) },
      purpose: {
        en: purpose,
        'zh-CN': optional('purpose-zh', purpose === 'Sign you in' ? '登录' : purpose),
      },
      redirectUris: list('redirect-uri'),
      postLogoutRedirectUris: list('logout-uri'),
      claims: list('claim'),
      authentication: values.public ? 'none' : 'client_secret_basic',
      jwks: null,
      secretVersion: 1,
    });
    const secret = values.public ? undefined : await readSecret(acting, bridgeOf(values), text('id'));
    const lines = [
      `issuer        = ${bridgeOf(values)}`,
      `client_id     = ${text('id')}`,
      ...(secret ? [`client_secret = ${secret}`] : []),
      `redirect_uri  = ${list('redirect-uri')[0]}`,
      `scope         = openid${list('claim').some((c) => c.startsWith('phone_')) ? ' phone' : ''}${list('claim').some((c) => !c.startsWith('phone_')) ? ' line' : ''}`,
    ];
    return {
      data: {
        issuer: bridgeOf(values),
        client_id: text('id'),
        ...(secret ? { client_secret: secret } : {}),
        redirect_uris: list('redirect-uri'),
      },
      text: lines.join('\n'),
      next: 'put these lines into your OpenID Connect library and open your app',
    };
  },
};

export const appSecret: Command = {
  name: 'app secret',
  summary: 'Print the client secret of an app you vouch for',
  positionals: ['CLIENT_ID'],
  options: { ...DATA_OPTION, ...BRIDGE_OPTION, as: { type: 'string' } },
  help: { ...DATA_HELP, ...BRIDGE_HELP, as: 'member that vouches for the app (default platform)' },
  run: async ({ values, positionals }) => {
    const acting = await actAs(dataDirOf(values), typeof values.as === 'string' ? values.as : 'platform');
    const secret = await readSecret(acting, bridgeOf(values), positionals[0] as string);
    return { data: { client_id: positionals[0], client_secret: secret }, text: secret };
  },
};

async function register(
  acting: ActingParty,
  node: string,
  body: { [field: string]: CborValue },
): Promise<void> {
  const client = createLedgerClient({ url: node, fetch });
  const actor = acting.identity.did;
  const operation = await buildRegistryOperation({
    kind: 'app.register',
    body,
    actor,
    sequence: await client.sequence('registry', actor),
    network: 'demo',
    notAfter: unixSeconds(systemClock) + 600,
    signers: [await acting.keyStore.signer(acting.identity.ledgerKey)],
  });
  const [result] = await client.submit([operation]);
  if (result && !result.ok) throw result.error;
}

async function readSecret(acting: ActingParty, bridge: string, clientId: string): Promise<string> {
  const answer = await callNode(`${bridge}/v1/bridge/apps/${encodeURIComponent(clientId)}/secret`, {
    token: await acting.token(bridge),
  });
  return (answer as { client_secret: string }).client_secret;
}
