import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Clock, multikeyFromJwk, multikeyToText } from '@attestel/core';
import type { DidDocument, DidResolver } from '@attestel/did';
import type { App, Bridge, Issuer, Member, RegistryClient } from '@attestel/registry';

/** A clock tests move. */
export interface MovableClock extends Clock {
  advance(seconds: number): void;
  seconds(): number;
}

export function movableClock(start = Date.UTC(2026, 10, 22, 12)): MovableClock {
  let now = start;
  return {
    now: () => now,
    seconds: () => Math.floor(now / 1000),
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
}

export const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url');
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** A party with one P-256 key, made by node:crypto alone. */
export interface Party {
  readonly did: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Record<string, string>;
  document: DidDocument;
}

export function createParty(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const hash = createHash('sha256').update(name).digest();
  const did = `did:mno:test:z${base58(Buffer.concat([Buffer.from([0x12, 0x20]), hash]))}`;
  const kid = `${did}#key-1`;
  const document: DidDocument = {
    '@context': ['https://www.w3.org/ns/did/v1.1'],
    id: did,
    verificationMethod: [
      {
        id: kid,
        type: 'Multikey',
        controller: did,
        publicKeyMultibase: multikeyToText(multikeyFromJwk(jwk)),
      },
    ],
    assertionMethod: [kid],
    authentication: [kid],
  };
  return { did, kid, privateKey, jwk, document };
}

export function signCompact(header: object, payload: object, key: KeyObject): string {
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${base64url(signature)}`;
}

export const randomText = (bytes = 32): string => randomBytes(bytes).toString('base64url');

export function fakeResolver(parties: () => readonly Party[]): DidResolver & { down: boolean } {
  return {
    down: false,
    async resolve(did) {
      if (this.down) throw new TypeError('network');
      const didDocument = parties().find((party) => party.did === did)?.document ?? null;
      const error = didDocument === null ? { error: 'NOT_FOUND' as const } : {};
      return { didResolutionMetadata: error, didDocument, didDocumentMetadata: {} };
    },
  };
}

export interface FakeRegistry extends RegistryClient {
  down: boolean;
  readonly data: { issuers: Issuer[]; bridges: Bridge[]; apps: App[]; members: Member[] };
}

export function fakeRegistry(): FakeRegistry {
  const data: FakeRegistry['data'] = { issuers: [], bridges: [], apps: [], members: [] };
  const ask = async <T>(registry: FakeRegistry, answer: () => T): Promise<T> => {
    if (registry.down) throw new TypeError('network');
    return answer();
  };
  const registry: FakeRegistry = {
    down: false,
    data,
    issuer: (did) => ask(registry, () => data.issuers.find((one) => one.did === did)),
    issuers: () => ask(registry, () => data.issuers),
    bridge: (did) => ask(registry, () => data.bridges.find((one) => one.did === did)),
    app: (clientId) => ask(registry, () => data.apps.find((one) => one.clientId === clientId)),
    member: (did) => ask(registry, () => data.members.find((one) => one.did === did)),
  };
  return registry;
}

export const named = (en: string) => ({ 'zh-CN': `${en}（中）`, en });

function base58(bytes: Uint8Array): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let out = '';
  for (; value > 0n; value /= 58n) out = alphabet[Number(value % 58n)] + out;
  return out;
}

export type Handler = (request: {
  url: URL;
  method: string;
  headers: Headers;
  body: string;
}) => Promise<Response> | Response;

/** A network of origins. Everything that was sent is kept, so that tests can look for leaks. */
export function fakeNetwork() {
  const origins = new Map<string, Handler>();
  const log: { method: string; url: string; body: string }[] = [];
  const fetch = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    const body = typeof init.body === 'string' ? init.body : '';
    const method = (init.method ?? 'GET').toUpperCase();
    log.push({ method, url: url.href, body });
    const handler = origins.get(url.origin);
    if (handler === undefined) throw new TypeError('fetch failed');
    return handler({ url, method, headers: new Headers(init.headers), body });
  };
  return { fetch, log, serve: (origin: string, handler: Handler) => void origins.set(origin, handler) };
}

export const jsonResponse = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
