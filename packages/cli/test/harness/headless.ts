import { createMemoryStore } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { createHeadlessWallet, type Wallet } from '@attestel/openid/wallet';
import * as oidc from 'openid-client';
import { type Agent, attribute, createAgent, type Visited } from './agent.ts';
import type { Demo } from './demo.ts';

export const headlessWallet = (demo: Demo): Wallet =>
  createHeadlessWallet({
    store: createMemoryStore(),
    keyStore: createMemoryKeyStore(),
    endpoint: demo.url(demo.ports.wallet),
  });

/** An app as an outsider writes it, with openid-client. */
export interface App {
  begin(): Promise<SignInAttempt>;
}

/** One sign-in, hop by hop. */
export interface SignInAttempt {
  readonly agent: Agent;
  /** The bridge's page with the link to the wallet. */
  openPage(): Promise<Visited>;
  /** Wallet answers; the browser comes back to the consent page. */
  present(wallet: Wallet, link: string): Promise<Visited>;
  /** Presses a button of the consent page; returns the claims of the ID token and of userinfo. */
  consent(
    page: Visited,
    decision: string,
    claims?: readonly string[],
    remember?: boolean,
  ): Promise<{ sub: string; [claim: string]: unknown }>;
}

export async function demoApp(
  demo: Demo,
  clientId = 'demo-shop',
  port = demo.ports.shop,
  scope = 'openid phone',
): Promise<App> {
  const issuer = demo.url(demo.ports.bridge);
  const { out } = await demo.run('app', 'secret', clientId, '--bridge', issuer, '--json');
  return appOf({ issuer, clientId, secret: JSON.parse(out).client_secret as string, port, scope });
}

export interface AppOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
  readonly port: number;
  readonly scope: string;
}

export async function appOf({ issuer, clientId, secret, port, scope }: AppOptions): Promise<App> {
  const redirectUri = `http://localhost:${port}/callback`;
  return {
    async begin() {
      const config = await oidc.discovery(new URL(issuer), clientId, secret, undefined, {
        execute: [oidc.allowInsecureRequests],
      });
      const verifier = oidc.randomPKCECodeVerifier();
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const agent = createAgent();
      return {
        agent,
        openPage: () => agent.get(url.href),
        async present(wallet, link) {
          const preview = await wallet.previewRequest(link);
          const { redirectUri: back } = await wallet.approve(preview.id);
          if (back === null) throw new Error('the wallet was not sent back');
          return refusedOr(await agent.get(back));
        },
        async consent(page, decision, claims = [], remember = false) {
          const form = attribute(page.html, /<form method="post" action="([^"]+)"[^>]*id="consent"/);
          if (!form) throw new Error(`no consent form at ${page.url}: ${page.html.slice(0, 600)}`);
          const shown = attribute(page.html, /name="shown" value="([^"]+)"/) ?? '';
          const end = await agent.post(
            new URL(form, page.url).href,
            { decision, shown, claim: claims, ...(remember ? { remember: '1' } : {}) },
            redirectUri,
          );
          const tokens = await oidc.authorizationCodeGrant(config, new URL(end.url), {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
          });
          const { sub } = tokens.claims() as { sub: string };
          return { ...(await oidc.fetchUserInfo(config, tokens.access_token, sub)), sub };
        },
      };
    },
  };
}

export const walletLinkOf = (page: Visited): string => {
  const link = attribute(page.html, /id="wallet-link" href="([^"]+)"/);
  if (!link) throw new Error(`no wallet link at ${page.url}: ${page.html.slice(0, 400)}`);
  return link;
};

/** A page that says what is wrong names it in the markup too. */
function refusedOr(page: Visited): Visited {
  const problem = attribute(page.html, /data-problem="([^"]+)"/);
  if (problem) throw new Error(`refused: ${problem}`);
  return page;
}
