import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { VCT } from './issuer.ts';
import {
  digest,
  type Handler,
  jsonResponse,
  type MovableClock,
  type Party,
  randomText,
  signCompact,
} from './world.ts';

export interface VerifierFaults {
  payload?: (payload: Record<string, unknown>) => void;
  header?: (header: Record<string, unknown>) => void;
  object?: (jws: string) => string;
  signWith?: KeyObject;
  answer?: () => Response;
}

interface Flow {
  readonly id: string;
  readonly nonce: string;
  readonly claims: readonly string[];
  readonly app: string | null;
  readonly mode: string | null;
  readonly privateKey: KeyObject;
  readonly jwk: Record<string, string>;
  readonly query: Record<string, unknown>;
  result: Record<string, unknown> | null;
  openedBy: string | null;
}

/** A sign-in bridge's verifier, by hand with node:crypto and jose's JWE. */
export function createFakeVerifier(party: Party, origin: string, clock: MovableClock) {
  const flows = new Map<string, Flow>();
  const faults: VerifierFaults = {};
  const clientId = `decentralized_identifier:${party.did}`;

  const requestObject = (flow: Flow, walletNonce: string | null): string => {
    const payload: Record<string, unknown> = {
      client_id: clientId,
      aud: 'https://self-issued.me/v2',
      iat: clock.seconds(),
      exp: clock.seconds() + 30,
      response_type: 'vp_token',
      response_mode: 'direct_post.jwt',
      response_uri: `${origin}/response/${flow.id}`,
      nonce: flow.nonce,
      state: flow.id,
      dcql_query: flow.query,
      client_metadata: {
        jwks: { keys: [{ ...flow.jwk, kid: flow.id, use: 'enc', alg: 'ECDH-ES' }] },
        encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
        vp_formats_supported: {
          'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        },
      },
      verifier_info: [
        ...(flow.app === null ? [] : [{ format: 'attestel_app', data: flow.app }]),
        ...(flow.mode === null ? [] : [{ format: 'attestel_mode', data: flow.mode }]),
      ],
      ...(walletNonce === null ? {} : { wallet_nonce: walletNonce }),
    };
    const header: Record<string, unknown> = { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: party.kid };
    faults.payload?.(payload);
    faults.header?.(header);
    const jws = signCompact(header, payload, faults.signWith ?? party.privateKey);
    return faults.object?.(jws) ?? jws;
  };

  const handler: Handler = async ({ url, method, body }) => {
    const [, kind, id = ''] = url.pathname.split('/');
    const flow = flows.get(id);
    if (flow === undefined) return jsonResponse({ error: 'not_found' }, 404);
    if (kind === 'request') {
      const walletNonce = method === 'POST' ? new URLSearchParams(body).get('wallet_nonce') : null;
      // The first wallet to open a request keeps it.
      flow.openedBy ??= walletNonce;
      if (flow.openedBy !== walletNonce) return jsonResponse({ error: 'invalid_request' }, 409);
      return new Response(requestObject(flow, walletNonce), {
        headers: { 'content-type': 'application/oauth-authz-req+jwt' },
      });
    }
    const jwe = new URLSearchParams(body).get('response') ?? '';
    const { plaintext } = await compactDecrypt(jwe, flow.privateKey);
    flow.result = JSON.parse(new TextDecoder().decode(plaintext));
    return (
      faults.answer?.() ?? jsonResponse({ redirect_uri: `${origin}/done?response_code=${randomText()}` })
    );
  };

  return {
    handler,
    faults,
    clientId,
    flows,
    /** A deep link to a new request, and the flow behind it. */
    request(
      options: {
        claims?: string[];
        app?: string | null;
        /** Null: the verifier does not say. */
        mode?: string | null;
        post?: boolean;
        query?: Record<string, unknown>;
      } = {},
    ) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const claims = options.claims ?? ['subscription_handle'];
      const flow: Flow = {
        id: randomText(16),
        nonce: randomText(),
        claims,
        app: options.app === undefined ? 'shop' : options.app,
        mode: options.mode === undefined ? 'same-device' : options.mode,
        privateKey,
        jwk: publicKey.export({ format: 'jwk' }) as Record<string, string>,
        query: options.query ?? {
          credentials: [
            {
              id: 'phone',
              format: 'dc+sd-jwt',
              meta: { vct_values: [VCT] },
              claims: claims.map((name) => ({ path: [name] })),
            },
          ],
        },
        result: null,
        openedBy: null,
      };
      flows.set(flow.id, flow);
      const link = new URL('http://localhost:4120/present');
      link.searchParams.set('client_id', clientId);
      link.searchParams.set('request_uri', `${origin}/request/${flow.id}`);
      if (options.post) link.searchParams.set('request_uri_method', 'post');
      return { link: link.href, flow };
    },
  };
}

/** Checks a presentation the way RFC 9901 §7.3 says, with node:crypto alone. */
export function openPresentation(
  presentation: string,
  issuer: Party,
  expected: { audience: string; nonce: string },
) {
  const parts = presentation.split('~');
  const keyBinding = parts.pop() as string;
  const [issuerJwt, ...disclosures] = parts as [string, ...string[]];
  const payload = JSON.parse(Buffer.from(issuerJwt.split('.')[1] as string, 'base64url').toString());
  if (!verifyWith(issuerJwt, issuer.jwk)) throw new Error('issuer signature');
  if (!verifyWith(keyBinding, payload.cnf.jwk)) throw new Error('key binding signature');
  const kb = JSON.parse(Buffer.from(keyBinding.split('.')[1] as string, 'base64url').toString());
  if (kb.aud !== expected.audience || kb.nonce !== expected.nonce) throw new Error('key binding address');
  if (kb.sd_hash !== digest(`${parts.join('~')}~`)) throw new Error('sd_hash');
  const claims = Object.fromEntries(
    disclosures.map((encoded) => {
      if (!payload._sd.includes(digest(encoded))) throw new Error('disclosure');
      const [, name, value] = JSON.parse(Buffer.from(encoded, 'base64url').toString());
      return [name, value];
    }),
  );
  return { claims, cnf: payload.cnf.jwk, kb };
}

function verifyWith(jws: string, jwk: Record<string, string>): boolean {
  const [header, payload, signature] = jws.split('.') as [string, string, string];
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}
