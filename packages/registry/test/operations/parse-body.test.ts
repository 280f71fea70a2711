import type { CborValue } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BODIES, type RegistryKind } from '../../src/operations/bodies.schema.ts';
import { parseBody } from '../../src/operations/parse-body.ts';
import { A, appBody, B, bridgeBody, genesisBody, issuerBody, named, P } from '../fake-ledger.ts';

const GOOD: Record<RegistryKind, object> = {
  genesis: genesisBody,
  upgrade: { sm: 2, height: 7 },
  parameters: { admissionThreshold: 1, accreditationThreshold: 1, trustAnchors: [] },
  'member.admit': { did: A, name: named('X'), roles: ['auditor'] },
  'member.suspend': { did: A },
  'member.resume': { did: A },
  'member.leave': {},
  'issuer.accredit': issuerBody(A),
  'issuer.suspend': { did: A },
  'issuer.resume': { did: A },
  'bridge.accredit': bridgeBody(P),
  'bridge.suspend': { did: P },
  'bridge.resume': { did: P },
  'app.register': appBody('shop'),
  'app.update': appBody('shop'),
  'app.suspend': { clientId: 'shop' },
  'app.resume': { clientId: 'shop' },
  'validator.set': { did: A, key: new Uint8Array(32).fill(1), power: 10 },
};
const KINDS = Object.keys(BODIES) as RegistryKind[];

const refusal = (kind: RegistryKind, body: unknown): string => {
  try {
    parseBody(kind, body);
  } catch (error) {
    expect(error).toMatchObject({ name: 'AppError', code: 'registry_body_invalid', kind: 'bad-input' });
    return (error as Error).message;
  }
  throw new Error('accepted');
};

describe('bodies of registry operations', () => {
  it.each(KINDS)('%s: accepts its body and refuses an unknown field by name', (kind) => {
    expect(parseBody(kind, GOOD[kind])).toEqual(GOOD[kind]);
    expect(refusal(kind, { ...GOOD[kind], surprise: 1 })).toBe('/surprise: unknown field');
  });

  it.each(KINDS.filter((kind) => kind !== 'member.leave'))('%s: refuses each missing field', (kind) => {
    for (const field of Object.keys(GOOD[kind])) {
      const { [field]: _, ...rest } = GOOD[kind] as Record<string, CborValue>;
      expect(refusal(kind, rest)).toMatch(new RegExp(`^/${field}`));
    }
  });

  it.each<[string, RegistryKind, object, RegExp]>([
    [
      'DID of another method',
      'member.suspend',
      { did: 'did:web:a.example' },
      /^\/did: must be a did:mno DID/,
    ],
    ['DID with something after it', 'member.suspend', { did: `${A}#key` }, /^\/did/],
    ['roles twice', 'member.admit', { roles: ['vendor', 'vendor'] }, /^\/roles: must not repeat/],
    ['no role', 'member.admit', { roles: [] }, /^\/roles/],
    ['unknown role', 'member.admit', { roles: ['king'] }, /^\/roles\/0/],
    ['name in one language', 'member.admit', { name: { en: 'X' } }, /^\/name\/zh-CN/],
    [
      'name in a third language',
      'member.admit',
      { name: { ...named('X'), fr: 'X' } },
      /^\/name\/fr: unknown/,
    ],
    ['empty name', 'member.admit', { name: named('') }, /^\/name\/en/],
    [
      'founder twice',
      'genesis',
      { founders: [genesisBody.founders[0], genesisBody.founders[0]] },
      /repeat a DID/,
    ],
    ['no founder', 'genesis', { founders: [] }, /^\/founders/],
    ['threshold no operation can carry', 'parameters', { admissionThreshold: 16 }, /^\/admissionThreshold/],
    ['threshold 0', 'genesis', { admissionThreshold: 0 }, /^\/admissionThreshold/],
    ['fractional threshold', 'parameters', { accreditationThreshold: 1.5 }, /^\/accreditationThreshold/],
    [
      'empty anchor',
      'parameters',
      { trustAnchors: [new Uint8Array()] },
      /^\/trustAnchors\/0: must be 1 to 4096/,
    ],
    ['endless anchor', 'parameters', { trustAnchors: [new Uint8Array(4097)] }, /^\/trustAnchors\/0/],
    ['no type', 'issuer.accredit', { types: [] }, /^\/types/],
    [
      'type that ends before it begins',
      'issuer.accredit',
      { types: [{ vct: 'urn:x', validity: { from: 5, until: 5 } }] },
      /^\/types\/0\/validity: until must be after from/,
    ],
    [
      'type twice',
      'issuer.accredit',
      { types: [...issuerBody(A).types, ...issuerBody(A).types] },
      /^\/types: must not repeat a vct/,
    ],
    [
      'type that is no collision-resistant name',
      'issuer.accredit',
      { types: [{ vct: 'phone', validity: { from: 0, until: null } }] },
      /^\/types\/0\/vct/,
    ],
    [
      'issuer URL with query',
      'issuer.accredit',
      { issuerUrl: 'https://a.example?x' },
      /^\/issuerUrl: .*query/,
    ],
    ['bridge URL on http', 'bridge.accredit', { url: 'http://b.example' }, /^\/url: must be https/],
    ['client id in capitals', 'app.register', { clientId: 'Shop' }, /^\/clientId: must match/],
    ['client id of two characters', 'app.register', { clientId: 'ab' }, /^\/clientId/],
    ['client id of 41 characters', 'app.register', { clientId: 'a'.repeat(41) }, /^\/clientId/],
    ['no redirect URI', 'app.register', { redirectUris: [] }, /^\/redirectUris/],
    [
      '21 redirect URIs',
      'app.register',
      { redirectUris: Array.from({ length: 21 }, (_, i) => `https://a.example/${i}`) },
      /^\/redirectUris/,
    ],
    ['redirect URI twice', 'app.register', { redirectUris: Array(2).fill('https://a.example') }, /repeat/],
    [
      'bad redirect URI',
      'app.register',
      { redirectUris: ['http://a.example'] },
      /^\/redirectUris\/0: must be https/,
    ],
    ['bad logout URI', 'app.register', { postLogoutRedirectUris: ['x'] }, /^\/postLogoutRedirectUris\/0/],
    ['claim we do not give', 'app.register', { claims: ['email'] }, /^\/claims\/0/],
    ['the handle as a claim', 'app.register', { claims: ['subscription_handle'] }, /^\/claims\/0/],
    ['claim twice', 'app.register', { claims: ['country', 'country'] }, /^\/claims/],
    ['other authentication', 'app.register', { authentication: 'tls_client_auth' }, /^\/authentication/],
    ['keys missing', 'app.register', { authentication: 'private_key_jwt' }, /^\/jwks: must be there/],
    [
      'private_key_jwt with bad keys',
      'app.register',
      { authentication: 'private_key_jwt', jwks: '{}' },
      /^\/jwks/,
    ],
    ['secret version 0', 'app.register', { secretVersion: 0 }, /^\/secretVersion/],
    ['status', 'app.register', { status: 'active' }, /^\/status: unknown field/],
  ])('refuses %s', (_, kind, change, message) => {
    expect(refusal(kind, { ...GOOD[kind], ...change })).toMatch(message);
  });

  it('refuses keys where the authentication needs none', () => {
    const jwks = JSON.stringify({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
    });
    const body = { ...GOOD['app.register'], jwks };
    expect(refusal('app.register', body)).toMatch(/^\/jwks/);
    expect(parseBody('app.register', { ...body, authentication: 'private_key_jwt' })).toBeDefined();
  });

  it('does not repeat hostile field names', () => {
    expect(refusal('member.leave', { '<script>': 1 })).toBe('/…: unknown field');
  });

  it('answers anything with a body or an AppError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.anything(), (kind, body) => {
        try {
          parseBody(kind, body);
        } catch (error) {
          expect(error).toMatchObject({ code: 'registry_body_invalid' });
        }
      }),
    );
    expect(refusal('member.suspend', { did: B.toUpperCase() })).toMatch(/^\/did/);
  });
});
