import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Bytes,
  fromBase64,
  type HttpRequest,
  isAppError,
  type Route,
  systemRandom,
  toBase64,
  toHex,
  utf8,
} from '@attestel/core';
import { type BatchTerms, createPublisher, pkiReadRoutes, pkiSubmitRoutes } from '@attestel/pki';
import { decodeReceipt } from '@attestel/proof';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Certified, certify, freshKey, prove, serialOf } from './devices.ts';
import { admitVendor, authorise, openWorld, terms, tokenKeyOf, type World } from './world.ts';

let world: World;
let anchor: Bytes;
let batch: Bytes;
let routes: readonly Route[];
let caller: string;

beforeEach(async () => {
  world = await openWorld();
  anchor = await admitVendor(world);
  const what: BatchTerms = terms(world, anchor, {
    count: 1000,
    serials: { prefix: 'AC5G-', digits: 6, from: 1, to: 1000 },
  });
  batch = await authorise(world, what);
  const { ledger, pki, v } = world;
  caller = v.did;
  const publisher = createPublisher({
    ...{ ledger, pki, did: v.did, signer: v.signer, tokenKey: tokenKeyOf(v), random: systemRandom },
    clock: { now: () => world.now() * 1000 },
  });
  routes = [
    ...pkiReadRoutes({ pki, ledger }),
    ...pkiSubmitRoutes({
      publisher,
      authenticate: async () => ({ did: caller }),
      mayPublish: (did) => did === v.did,
    }),
  ];
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a client reads from JSON
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const url = new URL(path, 'https://node.example');
  const found = routes.flatMap((route) => {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(url.pathname) : null;
    return match ? [{ route, params: { ...match.groups } }] : [];
  });
  const [{ route, params }] = found as [{ route: Route; params: Record<string, string> }];
  const bytes = body instanceof Uint8Array ? body : utf8(body === undefined ? '' : JSON.stringify(body));
  const request: HttpRequest = {
    ...{ method, url, params, headers: {}, body: bytes, signal: new AbortController().signal },
  };
  try {
    const answer = await route.handle(request);
    return { status: answer.status, body: JSON.parse(String(answer.body)), headers: answer.headers ?? {} };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { status: error.status, body: { code: error.code, field: error.field }, headers: {} };
  }
}

const item = (made: Certified, challenge = batch, more = {}) => ({
  certificate: toBase64(made.certificate),
  possession: toBase64(prove(made, world.v, challenge)),
  ...more,
});
const submission = (certificates: readonly object[], more = {}) => ({
  ...{
    role: 'small-cell',
    anchor: toHex(anchor),
    batch: toHex(batch),
    challenge: toHex(batch),
    certificates,
  },
  ...more,
});
const post = (certificates: readonly object[], more = {}) =>
  call('POST', '/v1/pki/certificates', submission(certificates, more));

describe('the JSON front end', () => {
  it('publishes a certificate over a challenge it gave out, and answers for it with receipts', async () => {
    const made = await certify();
    const { body: drawn } = await call('POST', '/v1/pki/challenges');
    expect(drawn).toMatchObject({ submitter: world.v.did });
    expect((await call('POST', '/v1/pki/challenges')).body).toEqual(drawn);
    const challenge = Uint8Array.from(Buffer.from(drawn.challenge, 'hex'));
    const { status, body } = await post([item(made, challenge)], { challenge: drawn.challenge });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        accepted: 1,
        parts: 1,
        published: [{ item: 0, hash: toHex(made.hash), index: 0 }],
        rejected: [],
      },
    });
    const answer = await call('GET', `/v1/pki/certificates/${toHex(made.hash)}?receipt=full`);
    expect(answer.body).toMatchObject({ verdict: 'good', record: { role: 'small-cell', index: 0 } });
    expect(String(answer.headers['attestel-receipt']).split(', ').length).toBeGreaterThan(2);
  });

  it.each(['path', 'full'] as const)('answers with a receipt of each that is published: %s', async (form) => {
    const made = await Promise.all([1, 2].map((number) => certify({ device: serialOf(number) })));
    const [one, two] = made as [Certified, Certified];
    const { body } = await post([item(one), { ...item(two), possession: 'AAAA' }, item(two)], {
      receipts: form,
    });
    expect(body.rejected).toEqual([{ item: 1, code: 'pki_possession_invalid' }]);
    const receipts = body.published.map((each: { receipt: string }) =>
      decodeReceipt(fromBase64(each.receipt)),
    );
    expect(receipts).toMatchObject(
      made.map(({ hash }) => ({
        ...{ kind: 'state', module: 'pki', key: `cert/${toHex(hash)}`, path: { end: { kind: 'own' } } },
        checkpoint: { form: form === 'path' ? 'reference' : 'stapled' },
      })),
    );
  });

  it('answers with the receipt of a single one; of another form it knows none', async () => {
    const { body } = await post([item(await certify())], { receipts: 'path' });
    expect(decodeReceipt(fromBase64(body.published[0].receipt))).toMatchObject({ kind: 'state' });
    const refused = await post([item(await certify())], { receipts: 'all' });
    expect(refused.body).toEqual({ code: 'pki_query_invalid', field: '/receipts' });
  });

  it('publishes what many send at once together; what one breaks spoils no other', async () => {
    const made = await Promise.all([1, 2, 3, 4].map((number) => certify({ device: serialOf(number) })));
    const [first, second, third, fourth] = made as [Certified, Certified, Certified, Certified];
    const before = world.ledger.head().height;
    const answers = await Promise.all([
      post([item(first)]),
      post([{ ...item(second), possession: item(third).possession }]),
      post([item(third)]),
      post([item(first)]),
      post([item(fourth)], { anchor: 'ab'.repeat(32) }),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code ?? body.published[0].index])).toEqual([
      [200, 0],
      [400, 'pki_possession_invalid'],
      [200, 1],
      [409, 'pki_certificate_exists'],
      [404, 'pki_anchor_unknown'],
    ]);
    expect(world.ledger.head().height).toBe(before + 1);
  });

  it('answers for a certificate that nobody published, with a receipt of that', async () => {
    const answer = await call('GET', `/v1/pki/certificates/${'ab'.repeat(32)}`);
    expect(answer).toMatchObject({ status: 200, body: { verdict: 'unknown', record: null } });
    expect(answer.headers['attestel-receipt']).toBeDefined();
  });

  it('refuses a single certificate by the code of its rule and its kind [P2]', async () => {
    const key = freshKey();
    const serial = Uint8Array.of(0x41, 7);
    await post([item(await certify({ serial, key }))]);
    const refused = async (made: Promise<Certified>, more = {}) => {
      const { status, body } = await post([item(await made, batch, more)]);
      return [status, body.code];
    };
    const stolen = await certify({ device: serialOf(2) });
    const possession = toBase64(prove(stolen, world.v, batch, freshKey()));
    expect(await refused(Promise.resolve(stolen), { possession })).toEqual([400, 'pki_possession_invalid']);
    expect(await refused(certify({ device: serialOf(2), key: freshKey('rsa-1024') }))).toEqual([
      ...[400, 'key_too_small'],
    ]);
    const notAfter = world.now() + 30 * 365 * 86_400;
    expect(await refused(certify({ device: serialOf(2), notAfter }))).toEqual([400, 'pki_lifetime']);
    expect(await refused(certify({ serial }))).toEqual([409, 'pki_serial_taken']);
    expect(await refused(certify({ device: 'ZZ-9' }))).toEqual([403, 'pki_outside_range']);
  });

  it('answers for each of many, the malformed ones too', async () => {
    const [one, two] = [await certify({ device: serialOf(1) }), await certify({ device: serialOf(2) })];
    const { status, body } = await post([
      item(one),
      { certificate: '!!', possession: 'AAAA' },
      { ...item(two), possession: toBase64(new Uint8Array(64)) },
      item(two),
      { nothing: 1 },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: 2,
      published: [
        { item: 0, index: 0 },
        { item: 3, index: 1 },
      ],
      rejected: [
        { item: 1, code: 'pki_query_invalid', field: 'certificate' },
        { item: 2, code: 'pki_possession_invalid' },
        { item: 4, code: 'pki_query_invalid' },
      ],
    });
  });

  it('answers for each of many also where the ledger accepts none', async () => {
    const key = freshKey();
    await post([item(await certify({ device: serialOf(1), key }))]);
    const made = [await certify({ device: serialOf(1) }), await certify({ device: serialOf(2), key })];
    const { body } = await post(made.map((one) => item(one)));
    expect(body.rejected).toEqual([
      { item: 0, code: 'pki_device_taken' },
      { item: 1, code: 'pki_key_taken' },
    ]);
  });

  it('refuses strangers, unknown fields, empty and endless lists, what is no JSON, unknown anchors and batches', async () => {
    const good = [item(await certify())];
    const codes = async (answer: Promise<Answer>) => (await answer).body.code;
    expect(await codes(post(good, { more: 1 }))).toBe('pki_query_invalid');
    expect(await codes(post([]))).toBe('pki_query_invalid');
    expect(await codes(post(Array.from({ length: 10_001 }, () => ({}))))).toBe('pki_too_many');
    expect(await codes(call('POST', '/v1/pki/certificates', utf8('{')))).toBe('pki_query_invalid');
    expect(await codes(post(good, { anchor: 'ab'.repeat(32) }))).toBe('pki_anchor_unknown');
    expect(await codes(post(good, { batch: 'ab'.repeat(32) }))).toBe('pki_batch_unknown');
    expect(await codes(post(good, { challenge: 'ab'.repeat(32) }))).toBe('pki_possession_invalid');
    expect(await codes(post([{ bad: 1 }]))).toBe('pki_query_invalid');
    expect(await codes(call('GET', '/v1/pki/certificates/zz'))).toBe('pki_query_invalid');
    expect(await codes(call('GET', `/v1/pki/certificates/${'ab'.repeat(32)}?at=x`))).toBe(
      'pki_query_invalid',
    );
    caller = world.a.did;
    expect(await codes(post(good))).toBe('pki_publisher');
    expect(await codes(call('POST', '/v1/pki/challenges'))).toBe('pki_publisher');
  });

  it('refuses to answer with a receipt where the node gives none', async () => {
    const { pki, ledger } = world;
    const { state, head } = ledger;
    routes = pkiReadRoutes({ pki, ledger: { state: state.bind(ledger), head: head.bind(ledger) } });
    const path = `/v1/pki/certificates/${'ab'.repeat(32)}`;
    expect((await call('GET', path)).headers['attestel-receipt']).toBeUndefined();
    expect((await call('GET', `${path}?receipt=path`)).body.code).toBe('pki_unproven');
  });

  it('lists anchors and what is not good', async () => {
    const made = await certify();
    await post([item(made)]);
    await world.act('status.revoke', { certificates: [made.hash], reason: 'key-compromise', voters: null }, [
      world.v,
    ]);
    const { body: listed } = await call('GET', '/v1/pki/anchors');
    expect(listed).toMatchObject({ version: 1, anchors: [{ id: toHex(anchor), standing: 'in-force' }] });
    const { body: status } = await call('GET', '/v1/pki/status');
    expect(status).toMatchObject({ count: 1, notGood: [{ index: 0, status: 'revoked' }] });
  });
});

it('a line publishes 1,000 self-signed cells in one submission; OpenSSL reads each [P1]', async () => {
  const made = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => certify({ device: serialOf(i + 1) })),
  );
  const before = world.ledger.head().size;
  const { body } = await post(made.map((one) => item(one)));
  expect(body).toMatchObject({ accepted: 1000, rejected: [], parts: 1 });
  // One entry for the submission, one for its block.
  expect(world.ledger.head().size - before).toBe(2);
  expect(world.pki.batch(batch)).toMatchObject({ used: 1000, standing: 'full' });
  const pem = made.map(
    (one) => `-----BEGIN CERTIFICATE-----\n${lines(toBase64(one.certificate))}-----END CERTIFICATE-----\n`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'pki-'));
  writeFileSync(join(folder, 'cells.pem'), pem.join(''));
  const bundle = execFileSync('openssl', ['crl2pkcs7', '-nocrl', '-certfile', join(folder, 'cells.pem')]);
  const read = execFileSync('openssl', ['pkcs7', '-print_certs', '-noout'], { input: bundle }).toString();
  rmSync(folder, { recursive: true });
  expect(read.match(/^subject=.*AC5G-\d{6}/gm)).toHaveLength(1000);
}, 60_000);

const lines = (text: string): string => text.replace(/.{1,64}/g, '$&\n');
