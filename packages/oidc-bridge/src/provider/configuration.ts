import type { App } from '@attestel/registry';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { sectorOf } from '../accounts/sector.ts';
import { isClaimName, isRegistered, isWarning, SCOPES, toggleOf } from '../claims/catalogue.ts';
import { claimsSchema, unregisteredClaim } from '../claims/requested-claims.ts';
import { findCurrent } from '../consent/current-consent.ts';
import { createSigningKeys } from '../keys/signing-key.ts';
import type { BridgeContext } from '../options.ts';
import { createAdapterFactory } from '../store/adapter.ts';
import { createClientFinder } from './client.ts';
import { createGrantLoader, createPolicy } from './policy.ts';
import { renderLoggedOut, renderLogout, renderProviderError } from './provider-pages.ts';

export const ACR = {
  'same-device': 'urn:attestel:acr:same-device',
  'cross-device': 'urn:attestel:acr:xdev',
} as const;

/** Presentation by a key the person holds, approved by hand (RFC 8176). */
export const AMR: string[] = ['pop', 'user'];

const MINUTE = 60;
const HOUR = 3600;

/** Every life and switch of oidc-provider that its defaults leave open or long. */
export async function createConfiguration(context: BridgeContext): Promise<Configuration> {
  return {
    adapter: createAdapterFactory({
      ...context,
      clock: context.options.clock,
      findClient: createClientFinder(context),
    }),
    jwks: { keys: await createSigningKeys(context.options.keyStore, context.keys.signing) },
    cookies: await cookies(context),
    ttl: {
      AccessToken: 10 * MINUTE,
      AuthorizationCode: 30,
      Grant: 8 * HOUR,
      IdToken: 10 * MINUTE,
      Interaction: 5 * MINUTE,
      Session: 8 * HOUR,
    },
    features: features(context),
    ...people(context),
    ...protocol(),
  };
}

const people = (context: BridgeContext): Configuration => ({
  subjectTypes: ['pairwise'],
  sectorIdentifierUriValidate: () => false,
  pairwiseIdentifier: (_ctx, accountId, client) =>
    context.accounts.subject(accountId, sectorOf(client.clientId)),
  findAccount: (ctx, account, source) => findAccount(ctx, account, source?.grantId, context),
  loadExistingGrant: createGrantLoader(context),
  interactions: {
    policy: createPolicy(context),
    url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
  },
  renderError: (ctx, out, error) => renderProviderError(ctx, out, error, context),
});

/**
 * What an app gets is what the person showed for this app, minus what it may no longer ask. A number is for
 * userinfo only, also when `claims` names it for the ID token. That a re-binding waits is told unasked.
 */
async function findAccount(
  ctx: KoaContextWithOIDC,
  account: string,
  grantId: string | undefined,
  context: BridgeContext,
) {
  if (!context.accounts.exists(account)) return undefined;
  return {
    accountId: account,
    async claims(use: string, scope: string, claims: Readonly<Record<string, unknown>> = {}) {
      const app = context.activeApp(ctx.oidc.client?.clientId ?? '');
      const shown = app && context.attributes.find(account, app.clientId);
      const mayLeave = await limitOf(grantId, account, app, context);
      const isAsked = Object.hasOwn(claims, 'binding_pending') || scope.split(' ').includes('line');
      const entries = Object.entries(shown?.claims ?? {}).filter(
        ([name, value]) =>
          isClaimName(name) &&
          isRegistered(name, app?.claims ?? []) &&
          mayLeave(name) &&
          !(use === 'id_token' && toggleOf(name) === 'phone_number') &&
          (name !== 'binding_pending' || value === true || isAsked),
      );
      return { sub: account, ...Object.fromEntries(entries) };
    },
  };
}

/**
 * What a token's grant lets out. Where that rests on a consent that is kept, it is what the person says now, whatever
 * it was when the token was made; taken back, wherever that was, it is nothing but warnings.
 */
async function limitOf(
  grantId: string | undefined,
  account: string,
  app: App | undefined,
  context: BridgeContext,
): Promise<(name: string) => boolean> {
  if (grantId !== undefined && context.grantTerms.isForOneSignIn(grantId)) return () => true;
  const granted = (app && (await findCurrent(context, account, app)))?.granted ?? [];
  return (name) => isWarning(name) || granted.includes(name);
}

const protocol = (): Configuration => ({
  scopes: ['openid'],
  claims: {
    // acr and amr in every ID token: apps decide by them. And by a warning, where there is one.
    openid: ['sub', 'acr', 'amr', 'auth_time', 'binding_pending'],
    phone: [...SCOPES.phone],
    line: [...SCOPES.line],
    acr: null,
    auth_time: null,
    iss: null,
    sid: null,
  },
  acrValues: Object.values(ACR),
  // Scope claims only in userinfo (OIDC Core §5.4): ID tokens come back as `id_token_hint`, in URLs that
  // browsers and proxies keep, and a number must not stand there.
  conformIdTokenClaims: true,
  responseTypes: ['code'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  pkce: {
    // RFC 9700 §2.1.1: public clients MUST. Older confidential ones may leave it out; they have a secret,
    // an exact redirect URI and a code that lives 30 s and dies at reuse.
    required: (_ctx, client) => client.clientAuthMethod === 'none',
  },
  // RFC 7523bis §3: an assertion made for another address of ours, or for another server, is not for us.
  assertJwtClientAuthClaimsAndHeader: async (ctx, claims) => {
    if (claims.aud !== ctx.oidc.issuer) throw new errors.InvalidClientAuth('aud must be the issuer');
  },
  enabledJWA: {
    idTokenSigningAlgValues: ['RS256', 'ES256'],
    userinfoSigningAlgValues: ['RS256', 'ES256'],
    clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519'],
  },
  discovery: { ui_locales_supported: ['zh-CN', 'en'], display_values_supported: ['page'] },
  clockTolerance: 5,
  acceptQueryParamAccessTokens: false,
  allowOmittingSingleRegisteredRedirectUri: false,
  enableHttpPostMethods: false,
  // Browser apps without a secret, and userinfo, from the app's own pages only.
  clientBasedCORS: (ctx, origin, client) =>
    (ctx.oidc.route === 'userinfo' || client.clientAuthMethod === 'none') &&
    (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
  // The registry holds keys by value: nothing an app says makes the bridge fetch anything.
  fetch: async () => {
    throw new TypeError('the bridge fetches nothing on behalf of apps');
  },
});

const features = (context: BridgeContext): NonNullable<Configuration['features']> => ({
  devInteractions: { enabled: false },
  externalSigningSupport: { enabled: true, ack: 'experimental-01' },
  claimsParameter: {
    enabled: true,
    assertClaimsParameter: async (ctx, claims) => assertRegistered(ctx, claims, context),
  },
  resourceIndicators: { enabled: false },
  revocation: {
    enabled: true,
    allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
  },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: renderLogout,
    postLogoutSuccessSource: renderLoggedOut,
  },
});

/**
 * Refused before any wallet is asked: the registry says what an app may know (access_denied, RFC 6749
 * §4.1.2.1). A scope without any registered claim is invalid_scope, by the client's own `scope`.
 */
function assertRegistered(ctx: KoaContextWithOIDC, claims: unknown, context: BridgeContext): void {
  const parsed = claimsSchema.safeParse(claims);
  // OIDC Core §5.5.1: each named claim is null or an object.
  if (!parsed.success) throw new errors.InvalidRequest('members of claims must be null or objects');
  const app = context.activeApp(ctx.oidc.client?.clientId ?? '');
  const claim = app && unregisteredClaim(parsed.data, app);
  if (claim) throw new errors.AccessDenied(`the app is not registered for ${toggleOf(claim)}`);
}

async function cookies({
  secure,
  options,
  keys,
}: BridgeContext): Promise<NonNullable<Configuration['cookies']>> {
  const shared = { httpOnly: true, sameSite: 'lax', signed: true, secure } as const;
  // `__Host-` wants path=/, which only the session has; the others live under their interaction.
  const [host, plain] = secure ? ['__Host-', '__Secure-'] : ['', ''];
  return {
    names: {
      session: `${host}${options.instance}-session`,
      interaction: `${plain}${options.instance}-interaction`,
      resume: `${plain}${options.instance}-resume`,
    },
    long: shared,
    short: shared,
    keys: await keys.cookieKeys(),
  };
}
