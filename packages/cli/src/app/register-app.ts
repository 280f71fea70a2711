import { type CborValue, systemClock, unixSeconds } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { createLedgerClient } from '@attestel/ledger';
import { buildRegistryOperation } from '@attestel/registry';
import type { CommandInput, Run } from '../command.ts';
import { type ActingParty, actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { bridgeOf, nodeOf } from '../node-api.ts';
import { requiredText, textList, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { readAppSecret } from './read-app-secret.ts';

export const run: Run = async ({ values, progress }) => {
  const clientId = requiredText(values, 'id');
  const app = describeApp(values);
  const acting = await actAs(dataDirOf(values), textOr(values, 'as', 'platform'));
  progress('putting the registration on the ledger …');
  await register(acting, nodeOf(values), { clientId, member: acting.identity.did, ...app });
  const issuer = bridgeOf(values);
  const secret = values.public ? undefined : await readAppSecret(acting, issuer, clientId);
  return {
    data: {
      issuer,
      client_id: clientId,
      ...(secret ? { client_secret: secret } : {}),
      redirect_uris: app.redirectUris,
    },
    text: [
      `issuer        = ${issuer}`,
      `client_id     = ${clientId}`,
      ...(secret ? [`client_secret = ${secret}`] : []),
      `redirect_uri  = ${app.redirectUris[0]}`,
      `scope         = ${scopeOf(app.claims)}`,
    ].join('\n'),
    next: 'put these lines into your OpenID Connect library and open your app',
  };
};

/** @throws argument_missing */
function describeApp(values: CommandInput['values']) {
  const name = requiredText(values, 'name');
  const purpose = textOr(values, 'purpose', 'Sign you in');
  const redirectUris = [...textList(values, 'redirect-uri')];
  if (redirectUris.length === 0) throw fail('argument_missing', { field: '--redirect-uri' });
  return {
    name: { en: name, 'zh-CN': textOr(values, 'name-zh', name) },
    purpose: {
      en: purpose,
      'zh-CN': textOr(values, 'purpose-zh', purpose === 'Sign you in' ? '登录' : purpose),
    },
    redirectUris,
    postLogoutRedirectUris: [...textList(values, 'logout-uri')],
    claims: [...textList(values, 'claim')],
    authentication: values.public ? 'none' : 'client_secret_basic',
    jwks: null,
    secretVersion: 1,
  };
}

async function register(acting: ActingParty, node: string, body: Record<string, CborValue>): Promise<void> {
  const client = createLedgerClient({ url: node, fetch });
  const actor = acting.identity.did;
  const operation = await buildRegistryOperation({
    kind: 'app.register',
    body,
    actor,
    sequence: await client.sequence('registry', actor),
    network: parseDid(actor).network,
    notAfter: unixSeconds(systemClock) + 600,
    signers: [await acting.keyStore.signer(acting.identity.ledgerKey)],
  });
  const [result] = await client.submit([operation]);
  if (result && !result.ok) throw result.error;
}

/** Scopes of the bridge that stand for these claims. */
function scopeOf(claims: readonly string[]): string {
  const isPhone = (claim: string): boolean => claim.startsWith('phone_');
  const scopes = [...(claims.some(isPhone) ? ['phone'] : []), ...(claims.every(isPhone) ? [] : ['line'])];
  return ['openid', ...scopes].join(' ');
}
