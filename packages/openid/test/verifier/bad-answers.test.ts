import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Card, issueCard } from './support/consortium.ts';
import { codeIn, createFixture, type Fixture } from './support/fixture.ts';
import {
  encrypt,
  fetchRequest,
  makeResponse,
  post,
  present,
  type Tampering,
  type WalletRequest,
} from './support/wallet.ts';

let f: Fixture;
let card: Card;
beforeAll(async () => {
  f = await createFixture();
  card = await issueCard(f.operator, f.consortium.clock);
});
afterAll(() => f.close());

const shifted = (seconds: number) => ({ now: () => Date.now() + seconds * 1000 });

function withPart(text: string, index: number, change: (part: string) => string): string {
  const parts = text.split('~');
  parts[index < 0 ? parts.length + index : index] = change(parts.at(index) ?? '');
  return parts.join('~');
}

const withHeader = (jws: string, header: object): string =>
  [Buffer.from(JSON.stringify(header)).toString('base64url'), ...jws.split('.').slice(1)].join('.');

/** Key binding JWT with other claims or header, signed by whoever. */
function resign(
  presentation: string,
  change: { header?: object; claims?: object },
  key = strangersKey(),
): string {
  return withPart(presentation, -1, (kb) => {
    const [header = '', claims = ''] = kb.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const write = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${write({ ...read(header), ...change.header })}.${write({ ...read(claims), ...change.claims })}`;
    const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  });
}

const strangersKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('a presentation is refused, and the flow goes on, for', () => {
  const rows: readonly (readonly [string, Tampering, string])[] = [
    [
      'another audience [invalid-kb-jwt-aud]',
      { audience: 'decentralized_identifier:did:mno:other' },
      'presentation_invalid',
    ],
    ['the response URI as audience', { audience: 'https://bridge.example/response' }, 'presentation_invalid'],
    [
      'another nonce, or one replayed [invalid-kb-jwt-nonce]',
      { nonce: 'A'.repeat(43) },
      'presentation_invalid',
    ],
    ['a key binding from the past [kb-jwt-iat-in-past]', { clock: shifted(-120) }, 'clock_skew'],
    ['a key binding from the future [kb-jwt-iat-in-future]', { clock: shifted(120) }, 'clock_skew'],
    ['no key binding', { presentation: (p) => withPart(p, -1, () => '') }, 'presentation_invalid'],
    [
      'a key binding by another key [invalid-kb-jwt-signature]',
      { presentation: (p) => resign(p, {}) },
      'presentation_invalid',
    ],
    [
      'a changed sd_hash [invalid-sd-hash]',
      { presentation: (p) => resign(p, { claims: { sd_hash: 'A'.repeat(43) } }) },
      'presentation_invalid',
    ],
    [
      'a key binding that says alg none',
      { presentation: (p) => withPart(p, -1, (kb) => withHeader(kb, { alg: 'none', typ: 'kb+jwt' })) },
      'presentation_invalid',
    ],
    [
      'an issuer JWT that says alg HS256',
      {
        presentation: (p) =>
          withPart(p, 0, (jws) => withHeader(jws, { alg: 'HS256', typ: 'dc+sd-jwt', kid: f.operator.kid })),
      },
      'presentation_invalid',
    ],
    [
      'a changed issuer signature [invalid-credential-signature]',
      { presentation: (p) => withPart(p, 0, (jws) => `${jws.slice(0, -4)}AAAA`) },
      'presentation_invalid',
    ],
    [
      'a changed disclosure',
      {
        presentation: (p) =>
          withPart(p, 1, (d) =>
            Buffer.from(Buffer.from(d, 'base64url').toString().replace(/.$/, ' ]')).toString('base64url'),
          ),
      },
      'presentation_invalid',
    ],
    ['text that is no SD-JWT', { presentation: () => 'hello' }, 'presentation_invalid'],
  ];

  test.each(rows)('%s', async (_title, tampering, failure) => {
    const request = await f.ask();
    const answer = await present(f.link(request), card, f.consortium.resolver, tampering);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(f.verifier.state(request.id)).toMatchObject({ phase: 'waiting', failure });
    const honest = await present(f.link(request), card, f.consortium.resolver);
    expect(codeIn(honest.body)).not.toBe('');
    expect(f.verifier.state(request.id)).toMatchObject({ phase: 'answered', failure: null });
  });

  test('a presentation made for another request', async () => {
    const [one, two] = [await f.ask(), await f.ask()];
    const first = await fetchRequest(f.link(one), f.consortium.resolver);
    const second = await fetchRequest(f.link(two), f.consortium.resolver);
    const replayed = await makeResponse(second, card, { nonce: first.payload.nonce });
    expect((await post(second.payload.response_uri, replayed)).status).toBe(400);
  });

  test('a credential of another type', async () => {
    const other = await issueCard(f.operator, f.consortium.clock, {
      vct: 'https://credentials.example/other/1',
    });
    expect((await present(f.link(await f.ask()), other, f.consortium.resolver)).status).toBe(400);
  });
});

describe('a card that may not be used sends the browser to a page that says why', () => {
  test.each([
    ['suspended', 'credential_suspended'],
    ['sim-changed', 'credential_sim_changed'],
    ['invalid', 'credential_revoked'],
    ['stale', 'status_unavailable'],
    ['unknown-list', 'status_unavailable'],
  ] as const)('status %s', async (status, failure) => {
    const own = await issueCard(f.operator, f.consortium.clock);
    f.consortium.setStatus(own, status);
    const request = await f.ask();
    const { body } = await present(f.link(request), own, f.consortium.resolver);
    const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
    await expect(f.verifier.complete(request.id, { ...proof, browserSecret: 'x' })).rejects.toMatchObject({
      code: 'other_browser',
    });
    await expect(f.verifier.complete(request.id, proof)).rejects.toMatchObject({ code: failure });
  });

  test('issuer without accreditation, with a suspended one, or whose member is suspended', async () => {
    const outsider = await f.consortium.addParty('Outsider', 'operator', { accredited: false });
    const suspended = await f.consortium.addParty('Suspended', 'operator');
    const left = await f.consortium.addParty('Left', 'operator');
    const cards = await Promise.all([outsider, suspended, left].map((p) => issueCard(p, f.consortium.clock)));
    const record = f.consortium.issuers.get(suspended.did);
    if (record) f.consortium.issuers.set(suspended.did, { ...record, status: 'suspended' });
    const member = f.consortium.members.get(left.did);
    if (member) f.consortium.members.set(left.did, { ...member, status: 'suspended' });
    for (const own of cards) {
      const request = await f.ask();
      const { body } = await present(f.link(request), own, f.consortium.resolver);
      const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
      await expect(f.verifier.complete(request.id, proof)).rejects.toMatchObject({
        code: 'issuer_not_accredited',
      });
    }
  });

  test('on another device only the page learns it; the wallet gets an error', async () => {
    const own = await issueCard(f.operator, f.consortium.clock);
    f.consortium.setStatus(own, 'suspended');
    const request = await f.ask({ mode: 'cross-device' });
    const answer = await present(f.link(request), own, f.consortium.resolver);
    expect(answer).toMatchObject({ status: 403, body: { error: 'access_denied' } });
    expect(f.verifier.state(request.id)?.failure).toBe('credential_suspended');
  });

  test('an expired credential', async () => {
    const short = await issueCard(f.operator, shifted(-20 * 86_400), { days: 14 });
    const request = await f.ask();
    const { body } = await present(f.link(request), short, f.consortium.resolver);
    const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
    await expect(f.verifier.complete(request.id, proof)).rejects.toMatchObject({
      code: 'credential_expired',
    });
  });

  test('the person declines in the wallet, with or without encryption', async () => {
    for (const encrypted of [false, true]) {
      const request = await f.ask();
      const opened = await fetchRequest(f.link(request), f.consortium.resolver);
      const refusal = { error: 'access_denied', state: opened.payload.state };
      const fields = encrypted ? { response: await encrypt(opened, refusal) } : refusal;
      const { body } = await post(opened.payload.response_uri, fields);
      const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
      await expect(f.verifier.complete(request.id, proof)).rejects.toMatchObject({ code: 'declined' });
    }
  });
});

describe('an answer that cannot be opened changes nothing', () => {
  let request: Awaited<ReturnType<Fixture['ask']>>;
  let opened: WalletRequest;
  beforeAll(async () => {
    request = await f.ask();
    opened = await fetchRequest(f.link(request), f.consortium.resolver);
  });

  const refused = async (fields: Record<string, string> | string): Promise<void> => {
    const before = f.verifier.state(request.id);
    const answer =
      typeof fields === 'string'
        ? await fetch(opened.payload.response_uri, {
            method: 'POST',
            body: fields,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          })
        : await fetch(opened.payload.response_uri, { method: 'POST', body: new URLSearchParams(fields) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(await answer.json()).toHaveProperty('error');
    expect(f.verifier.state(request.id)).toEqual(before);
  };

  test('no response, response and error together, a field twice, an unknown error state', async () => {
    await refused({});
    await refused({ response: 'a', error: 'b' });
    await refused('response=a&response=b');
    await refused({ error: 'access_denied', state: 'guess' });
    await refused({ error: 'access_denied' });
  });

  test('an answer to another state', async () => {
    await refused(await makeResponse(opened, card, { state: 'other' }));
  });

  test('an answer in the clear', async () => {
    await refused({ vp_token: JSON.stringify({ phone: ['x'] }), state: opened.payload.state });
  });

  test('encryption to another key, with another kid, with CBC, compressed', async () => {
    const { publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
    const toStranger = await new CompactEncrypt(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: request.id })
      .encrypt(publicKey);
    await refused({ response: toStranger });
    const answer = { vp_token: { phone: ['x'] }, state: opened.payload.state };
    await refused({ response: await encrypt(opened, answer, { kid: 'other' }) });
    await refused({ response: await encrypt(opened, answer, { enc: 'A128CBC-HS256' }) });
    const zipped = (await encrypt(opened, answer)).split('.');
    zipped[0] = Buffer.from(
      JSON.stringify({ alg: 'ECDH-ES', enc: 'A256GCM', kid: request.id, zip: 'DEF' }),
    ).toString('base64url');
    await refused({ response: zipped.join('.') });
  });

  test('other shapes inside the encryption', async () => {
    const { state } = opened.payload;
    for (const inside of [
      [],
      'text',
      { state },
      { state, vp_token: {} },
      { state, vp_token: { phone: [] } },
      { state, vp_token: { phone: ['a', 'b'] } },
      { state, vp_token: { phone: 'a' } },
      { vp_token: { phone: ['a'] } },
      { state, vp_token: { phone: ['a'], other: ['b'] } },
    ]) {
      await refused({ response: await encrypt(opened, inside) });
    }
  });

  test('bodies of any kind, up to the bound and beyond', async () => {
    await refused({ response: 'x'.repeat(60_000) });
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 2000 }), async (text) => refused({ response: text })),
      { numRuns: 40 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 500 }), async (text) => {
        const answer = await fetch(opened.payload.response_uri, {
          method: 'POST',
          body: text,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        });
        expect(answer.status).toBe(400);
      }),
      { numRuns: 40 },
    );
  });
});
