import { createHash, createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Agent } from 'node:http';
import { encryptAnswer } from './encrypt-answer.ts';
import { createTab, type Tab } from './http-client.ts';
import type { BenchCard } from './material.ts';
import { CALLBACK, type Ready } from './protocol.ts';

/** Requests one login took. Throws unless it ended with tokens and userinfo. */
export type Login = (provider: Ready, agent: Agent, index: number) => Promise<number>;

/** The one-click login: authorize, page, finish, resume, token, userinfo. */
export const logInBare: Login = async (provider, agent) => {
  const tab = createTab(agent);
  const app = await authorize(tab, provider);
  await expectStatus(tab.send('GET', app.page), 200);
  const done = await expectStatus(tab.send('POST', app.page, { body: '' }), 303);
  await redeem(tab, provider, app.verifier, await resume(tab, done.location ?? ''));
  return tab.requests;
};

/** Same device is a phone: its page has a button, and draws a QR code only when asked to. */
const PHONE = { 'user-agent': 'Mozilla/5.0 (Linux; Android 16) Mobile' };

/** The wallet login on one device: authorize, page, request object, encrypted presentation, return, consent, resume, token, userinfo. */
export const logInWithWallet: Login = async (provider, agent, index) => {
  const tab = createTab(agent);
  const wallet = createTab(agent);
  const app = await authorize(tab, provider);
  const { text } = await expectStatus(tab.send('GET', app.page, { headers: PHONE }), 200);
  const link = new URL((/id="wallet-link" href="([^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&'));
  const card = provider.cards[index % provider.cards.length];
  if (!card) throw new Error('no card');
  const back = await present(wallet, link.searchParams.get('request_uri') ?? '', card);
  const consent = await expectStatus(tab.send('GET', back), 200);
  const action = /action="([^"]+\/consent)"/.exec(consent.text)?.[1] ?? '';
  const shown = /name="shown" value="([^"]+)"/.exec(consent.text)?.[1] ?? '';
  const body = `decision=share&shown=${shown}&claim=phone_number`;
  const done = await expectStatus(tab.send('POST', new URL(action, provider.origin).href, { body }), 303);
  await redeem(tab, provider, app.verifier, await resume(tab, done.location ?? ''));
  return tab.requests + wallet.requests;
};

async function authorize(tab: Tab, provider: Ready): Promise<{ page: string; verifier: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: provider.clientId,
    response_type: 'code',
    scope: 'openid phone',
    redirect_uri: CALLBACK,
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { location } = await expectStatus(tab.send('GET', `${provider.origin}/auth?${query}`), 303);
  return { page: new URL(location ?? '', provider.origin).href, verifier };
}

async function resume(tab: Tab, location: string): Promise<string> {
  const answer = await expectStatus(tab.send('GET', location), 303);
  const code = new URL(answer.location ?? '').searchParams.get('code');
  if (!code) throw new Error(`no code: ${answer.location}`);
  return code;
}

async function redeem(tab: Tab, provider: Ready, verifier: string, code: string): Promise<void> {
  const basic = Buffer.from(`${provider.clientId}:${provider.clientSecret}`).toString('base64');
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    code_verifier: verifier,
  });
  const tokens = await expectStatus(
    tab.send('POST', `${provider.origin}/token`, {
      body: body.toString(),
      headers: { authorization: `Basic ${basic}` },
    }),
    200,
  );
  const { access_token: accessToken, id_token: idToken } = JSON.parse(tokens.text);
  if (!idToken) throw new Error('no ID token');
  const me = await expectStatus(
    tab.send('GET', `${provider.origin}/me`, { headers: { authorization: `Bearer ${accessToken}` } }),
    200,
  );
  if (JSON.parse(me.text).phone_number === undefined) throw new Error('no phone number');
}

/** The wallet's part, with as little of its own cost as can be: it runs on the generator's core. */
async function present(wallet: Tab, requestUri: string, card: BenchCard): Promise<string> {
  const { text } = await expectStatus(wallet.send('GET', requestUri), 200);
  const request = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
  const [jwk] = request.client_metadata.jwks.keys;
  const presentation = bind(selected(card.sdJwt), card, request);
  const answer = JSON.stringify({ vp_token: { phone: [presentation] }, state: request.state });
  const jwe = encryptAnswer(answer, jwk);
  const posted = await expectStatus(
    wallet.send('POST', request.response_uri, { body: `response=${jwe}` }),
    200,
  );
  return JSON.parse(posted.text).redirect_uri;
}

const holderKeys = new WeakMap<BenchCard, KeyObject>();

/** Imported once, as a wallet does. */
function holderKey(card: BenchCard): KeyObject {
  const key = holderKeys.get(card) ?? createPrivateKey({ format: 'jwk', key: { ...card.holder } as never });
  holderKeys.set(card, key);
  return key;
}

const DISCLOSED = new Set([
  'subscription_handle',
  'porting_records',
  'binding_changed_at',
  'binding_pending',
  'phone_number',
  'phone_number_verified',
]);

function selected(sdJwt: string): string {
  const [jwt = '', ...disclosures] = sdJwt.split('~').slice(0, -1);
  const kept = disclosures.filter((d) =>
    DISCLOSED.has(JSON.parse(Buffer.from(d, 'base64url').toString())[1]),
  );
  return `${[jwt, ...kept].join('~')}~`;
}

function bind(sdJwt: string, card: BenchCard, request: { client_id: string; nonce: string }): string {
  const claims = {
    iat: Math.floor(Date.now() / 1000),
    aud: request.client_id,
    nonce: request.nonce,
    sd_hash: createHash('sha256').update(sdJwt).digest('base64url'),
  };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'ES256', typ: 'kb+jwt' })}.${encode(claims)}`;
  const key = holderKey(card);
  return `${sdJwt}${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

async function expectStatus<T extends { status: number; text: string }>(
  answer: Promise<T>,
  status: number,
): Promise<T> {
  const given = await answer;
  if (given.status !== status)
    throw new Error(`expected ${status}, got ${given.status}: ${given.text.slice(0, 300)}`);
  return given;
}
