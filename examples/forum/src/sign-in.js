import * as client from 'openid-client';

/**
 * The whole OpenID Connect part: authorization code flow with PKCE, state and nonce. Discovery happens
 * at the first sign-in and is tried again while it fails, so the forum may start before its provider.
 */
export function createSignIn({ issuerUrl, clientId, clientSecret, baseUrl }) {
  const redirectUri = `${baseUrl}/callback`;
  let discovered;

  const provider = () => {
    discovered ??= client
      .discovery(new URL(issuerUrl), clientId, undefined, client.ClientSecretBasic(clientSecret), {
        // Plain http is for the demo on one machine only.
        execute: issuerUrl.startsWith('http:') ? [client.allowInsecureRequests] : [],
      })
      .catch((error) => {
        discovered = undefined;
        throw error;
      });
    return discovered;
  };

  return {
    /** Where to send the browser, and what must be remembered until it comes back. */
    async begin(lang) {
      const config = await provider();
      const pending = {
        verifier: client.randomPKCECodeVerifier(),
        state: client.randomState(),
        nonce: client.randomNonce(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid line',
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        ui_locales: lang,
      });
      return { url: url.href, pending };
    },

    /** The person who came back: an id that only this forum sees, and the claims they agreed to share. */
    async finish(url, pending) {
      if (!pending) throw Object.assign(new Error('no sign-in was begun here'), { code: 'not_begun' });
      const config = await provider();
      const tokens = await client.authorizationCodeGrant(config, url, {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      });
      const { sub } = tokens.claims();
      const info = await client.fetchUserInfo(config, tokens.access_token, sub);
      return {
        sub,
        idToken: tokens.id_token,
        simUnchanged: info.sim_unchanged_30d,
        deviceSince: toDate(info.binding_changed_at),
        devicePending: info.binding_pending === true,
      };
    },

    /** Signs out at the provider too, then comes back. */
    async endUrl(user) {
      const config = user && (await provider());
      if (!config?.serverMetadata().end_session_endpoint) return '/';
      return client.buildEndSessionUrl(config, {
        id_token_hint: user.idToken,
        post_logout_redirect_uri: baseUrl,
      }).href;
    },
  };
}

/** `YYYY-MM-DD` as a date, or nothing: a claim that was not shared is absent. */
function toDate(text) {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'UND_ERR_SOCKET', 'OAUTH_TIMEOUT'];
const STATUS = { access_denied: 403, login_required: 401, interaction_required: 401, consent_required: 401 };

/** What to tell the person. The cause goes to the log, not to the page. */
export function helpFor(error, t) {
  const codes = [error.error, error.code, error.cause?.code, error.cause?.cause?.code];
  if (codes.some((code) => UNREACHABLE.includes(code)) || error.message === 'fetch failed') {
    return { status: 503, code: 'unreachable', retry: true, ...t.errors.unreachable };
  }
  const code = codes.find((candidate) => candidate in STATUS);
  if (code)
    return { status: STATUS[code], code, retry: true, ...(t.errors[code] ?? t.errors.login_required) };
  const status = error.status ?? (error.code || error.error ? 400 : 500);
  return { status, code: String(codes[0] ?? error.message), retry: true, ...t.errors.other };
}
