import { createPublicKey, verify } from 'node:crypto';
import {
  base64url,
  digest,
  type Handler,
  jsonResponse,
  type MovableClock,
  type Party,
  randomText,
  signCompact,
} from './world.ts';

export const VCT = 'https://credentials.attestel.example/phone-number/1';

export interface Subscriber {
  phone_number: string;
  subscription_handle: string;
}

interface Offer {
  readonly id: string;
  readonly code: string;
  readonly pin: string | null;
  readonly subscriber: Subscriber;
  used: boolean;
}

/** Faults a test can switch on. */
export interface IssuerFaults {
  /** Changes the payload of each credential before it is signed. */
  payload?: (payload: Record<string, unknown>) => void;
  /** Changes the header. */
  header?: (header: Record<string, unknown>) => void;
  /** Changes the finished credential. */
  credential?: (sdJwt: string) => string;
  staleNonces?: number;
  refuse?: string;
  afterIssue?: () => never;
  reverse?: boolean;
  fewer?: number;
}

/**
 * An operator's credential issuer, by hand with node:crypto: pre-authorized code, tx_code, DPoP with a
 * server nonce at both endpoints, nonce endpoint, batch.
 */
export function createFakeIssuer(party: Party, origin: string, clock: MovableClock, batchSize = 4) {
  const offers = new Map<string, Offer>();
  const tokens = new Map<string, { jkt: string; offer: Offer }>();
  const nonces = new Set<string>();
  const dpopNonces = new Set<string>();
  const faults: IssuerFaults = {};
  const seenKeys: string[] = [];
  /** Thumbprints of the DPoP keys that redeemed an offer. */
  const seenDpopKeys = new Set<string>();
  const metadata = {
    credential_issuer: origin,
    credential_endpoint: `${origin}/credential`,
    nonce_endpoint: `${origin}/nonce`,
    batch_credential_issuance: { batch_size: batchSize },
    credential_configurations_supported: {
      'phone-number': {
        format: 'dc+sd-jwt',
        vct: VCT,
        cryptographic_binding_methods_supported: ['jwk'],
        credential_signing_alg_values_supported: ['ES256'],
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
        credential_metadata: { claims: [{ path: ['phone_number'] }, { path: ['mobile_operator'] }] },
      },
    },
  };

  const checkDpop = (headers: Headers, method: string, url: string, token?: string): string | Response => {
    const proof = headers.get('dpop') ?? '';
    const [header, payload] = proof
      .split('.')
      .map((part, i) => (i < 2 ? JSON.parse(Buffer.from(part, 'base64url').toString()) : null));
    const right = [
      header.typ === 'dpop+jwt',
      verifyJws(proof, header.jwk),
      payload.htm === method,
      payload.htu === url,
      Math.abs(payload.iat - clock.seconds()) <= 60,
      token === undefined || payload.ath === digest(token),
    ];
    if (right.includes(false)) return jsonResponse({ error: 'invalid_dpop_proof' }, 400);
    if (!dpopNonces.delete(payload.nonce)) {
      const nonce = randomText(16);
      dpopNonces.add(nonce);
      const resource = token !== undefined;
      return jsonResponse({ error: 'use_dpop_nonce' }, resource ? 401 : 400, {
        'dpop-nonce': nonce,
        ...(resource ? { 'www-authenticate': 'DPoP error="use_dpop_nonce"' } : {}),
      });
    }
    return JSON.stringify(header.jwk);
  };

  const token: Handler = ({ headers, body, url }) => {
    const dpop = checkDpop(headers, 'POST', url.href);
    if (typeof dpop !== 'string') return dpop;
    const form = new URLSearchParams(body);
    const offer = [...offers.values()].find((one) => one.code === form.get('pre-authorized_code'));
    if (offer === undefined || offer.used || (offer.pin ?? null) !== form.get('tx_code')) {
      return jsonResponse({ error: 'invalid_grant' }, 400);
    }
    offer.used = true;
    const accessToken = randomText();
    seenDpopKeys.add(dpop);
    tokens.set(accessToken, { jkt: dpop, offer });
    return jsonResponse({ access_token: accessToken, token_type: 'DPoP', expires_in: 300 });
  };

  const credential: Handler = ({ headers, body, url }) => {
    const accessToken = (headers.get('authorization') ?? '').replace(/^DPoP /, '');
    const grant = tokens.get(accessToken);
    const dpop = checkDpop(headers, 'POST', url.href, accessToken);
    if (typeof dpop !== 'string') return dpop;
    if (grant?.jkt !== dpop) return jsonResponse({ error: 'invalid_token' }, 401);
    if (faults.refuse !== undefined) return jsonResponse({ error: faults.refuse }, 400);
    const proofs: string[] = JSON.parse(body).proofs.jwt;
    const keys = proofs.map((proof) => readProof(proof));
    if (keys.includes('stale')) return jsonResponse({ error: 'invalid_nonce' }, 400);
    if (keys.includes('bad') || new Set(keys).size !== keys.length) {
      return jsonResponse({ error: 'invalid_proof' }, 400);
    }
    const issued = keys
      .slice(0, keys.length - (faults.fewer ?? 0))
      .map((key) => issue(JSON.parse(key), grant.offer.subscriber));
    if (faults.reverse) issued.reverse();
    faults.afterIssue?.();
    return jsonResponse({ credentials: issued.map((sdJwt) => ({ credential: sdJwt })) });
  };

  const readProof = (proof: string): string => {
    const [header, payload] = proof
      .split('.')
      .map((part, i) => (i < 2 ? JSON.parse(Buffer.from(part, 'base64url').toString()) : null));
    if (header.typ !== 'openid4vci-proof+jwt' || payload.aud !== origin || !verifyJws(proof, header.jwk))
      return 'bad';
    if (faults.staleNonces !== undefined && faults.staleNonces > 0) return 'stale';
    if (!nonces.has(payload.nonce)) return 'stale';
    return JSON.stringify(header.jwk);
  };

  const issue = (jwk: Record<string, string>, subscriber: Subscriber): string => {
    seenKeys.push(jwk.x as string);
    const iat = clock.seconds();
    const disclosures = Object.entries({
      ...subscriber,
      phone_number_verified: true,
      mobile_operator: 'Zhonglian',
    }).map(([name, value]) => base64url(JSON.stringify([randomText(16), name, value])));
    const payload: Record<string, unknown> = {
      iss: origin,
      vct: VCT,
      iat,
      exp: iat + 14 * 86_400,
      cnf: { jwk },
      status: { status_list: { uri: `${origin}/status/1`, idx: seenKeys.length } },
      _sd_alg: 'sha-256',
      _sd: disclosures.map(digest).sort(),
    };
    const header: Record<string, unknown> = { alg: 'ES256', typ: 'dc+sd-jwt', kid: party.kid };
    faults.payload?.(payload);
    faults.header?.(header);
    const sdJwt = `${signCompact(header, payload, party.privateKey)}~${disclosures.join('~')}~`;
    return faults.credential?.(sdJwt) ?? sdJwt;
  };

  const serveOffer: Handler = ({ url }) => {
    const offer = offers.get(url.pathname.slice('/offers/'.length));
    const gone = offer === undefined || offer.used;
    return gone ? jsonResponse({ error: 'gone' }, 410) : jsonResponse(offerObject(offer));
  };

  const serveNonce: Handler = () => {
    const nonce = randomText();
    nonces.add(nonce);
    if (faults.staleNonces !== undefined) faults.staleNonces -= 1;
    return jsonResponse({ c_nonce: nonce }, 200, { 'cache-control': 'no-store' });
  };

  const serverMetadata: Handler = () =>
    jsonResponse({
      issuer: origin,
      token_endpoint: `${origin}/token`,
      dpop_signing_alg_values_supported: ['ES256'],
      'pre-authorized_grant_anonymous_access_supported': true,
    });

  const endpoints: Record<string, Handler> = {
    '/.well-known/openid-credential-issuer': () => jsonResponse(metadata),
    '/.well-known/oauth-authorization-server': serverMetadata,
    '/nonce': serveNonce,
    '/token': token,
    '/credential': credential,
  };
  const handler: Handler = (request) => {
    const { pathname } = request.url;
    if (pathname.startsWith('/offers/')) return serveOffer(request);
    return endpoints[pathname]?.(request) ?? new Response(null, { status: 404 });
  };

  const offerObject = (offer: Offer) => ({
    credential_issuer: origin,
    credential_configuration_ids: ['phone-number'],
    grants: {
      'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
        'pre-authorized_code': offer.code,
        ...(offer.pin === null ? {} : { tx_code: { input_mode: 'numeric', length: offer.pin.length } }),
      },
    },
  });

  return {
    handler,
    faults,
    metadata,
    seenKeys,
    seenDpopKeys,
    issue,
    /** The deep link the operator shows. */
    offer(subscriber: Subscriber, options: { pin?: string; byValue?: boolean } = {}): string {
      const offer: Offer = {
        id: randomText(8),
        code: randomText(),
        pin: options.pin ?? null,
        subscriber,
        used: false,
      };
      offers.set(offer.id, offer);
      const parameter = options.byValue
        ? `credential_offer=${encodeURIComponent(JSON.stringify(offerObject(offer)))}`
        : `credential_offer_uri=${encodeURIComponent(`${origin}/offers/${offer.id}`)}`;
      return `openid-credential-offer://?${parameter}`;
    },
  };
}

function verifyJws(jws: string, jwk: Record<string, string>): boolean {
  const [header, payload, signature] = jws.split('.') as [string, string, string];
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}
