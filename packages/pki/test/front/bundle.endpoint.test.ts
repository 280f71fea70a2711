import { toHex, utf8 } from '@attestel/core';
import { createLedgerTrust } from '@attestel/did/verify';
import { createCheckpointCache, formatPolicy } from '@attestel/proof';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBundleProof, encodeBundleProof, verifyBundleProof } from '../../src/bundle/bundle-proof.ts';
import { fetchBundleProof } from '../../src/bundle/fetch-bundle.ts';
import type { BundleName } from '../../src/bundle/trust-bundle.ts';
import { bundleRoutes } from '../../src/front/bundle/bundle.endpoint.ts';
import { idsOf, OTHER_SLICE, openSlices, rootOf, SLICE, type Slices } from '../bundle/slices.ts';
import { type NodeServer, nodeServer } from '../ledger/node-server.ts';
import { operatorScope } from '../ledger/world.ts';
import { fromPem, pem } from './fixtures/programs.ts';

let slices: Slices;
let served: NodeServer;
let origin: string;

beforeEach(async () => {
  slices = await openSlices();
  const { ledger, pki, now } = slices.world;
  served = await nodeServer(bundleRoutes({ pki, ledger, clock: { now: () => now() * 1000 } }));
  origin = `http://127.0.0.1:${served.port}`;
});
afterEach(() => served.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${origin}/v1/pki/bundles/${path}`, { headers });

describe('GET /v1/pki/bundles/…', () => {
  it('gives PEM that says nothing but certificates, by PLMN or DID', async () => {
    await slices.relate(slices.a, slices.b);
    for (const who of ['46001', slices.a.party.did]) {
      const answer = await get(`${who}/${SLICE}.pem`);
      expect(answer.headers.get('content-type')).toBe('application/pem-certificate-chain');
      const text = await answer.text();
      const roots = [slices.a, slices.b].map(({ root }) => root.certificate);
      const sorted = [slices.a, slices.b].map(({ anchor }) => toHex(anchor)).sort();
      const first = sorted[0] === toHex(slices.a.anchor) ? roots : roots.toReversed();
      expect(text).toBe(first.map((der) => pem(der)).join(''));
    }
  });

  it('gives a SPIFFE bundle: one certificate a key, no kid, a sequence that grows', async () => {
    const jwks = async () => (await get(`46001/${SLICE}.jwks`)).json();
    const before = await jwks();
    await slices.relate(slices.a, slices.b);
    const after = await jwks();
    expect(after.spiffe_sequence).toBeGreaterThan(before.spiffe_sequence);
    expect(after.spiffe_refresh_hint).toBe(60);
    expect(after.keys).toHaveLength(2);
    for (const key of after.keys) {
      expect(key).toMatchObject({ use: 'x509-svid', kty: 'EC', crv: 'P-256', x: expect.any(String) });
      expect(key).not.toHaveProperty('kid');
      expect(key.x5c).toHaveLength(1);
    }
    const known = [slices.a, slices.b].map(({ root }) => Buffer.from(root.certificate).toString('base64'));
    expect(after.keys.map(({ x5c }: { x5c: string[] }) => x5c[0]).sort()).toEqual(known.sort());
  });

  it('has an entity tag that changes with the bundle, by time alone too, and says from which checkpoint it is', async () => {
    const first = await get(`46001/${SLICE}.pem`);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('attestel-checkpoint')).toBe(toHex(slices.world.ledger.head().appHash));
    expect(first.headers.get('attestel-trust-version')).toBe('3');
    expect((await get(`46001/${SLICE}.pem`, { 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    await slices.relate(slices.a, slices.b, { until: slices.world.now() + 60 });
    const during = await get(`46001/${SLICE}.pem`, { 'if-none-match': etag });
    expect(during.status).toBe(200);
    // Nothing happens on the ledger, and the relation ends.
    slices.world.later(60);
    const after = await get(`46001/${SLICE}.pem`, { 'if-none-match': during.headers.get('etag') ?? '' });
    expect(after.status).toBe(200);
    expect(fromPem(await after.text())).toEqual(slices.a.root.certificate);
  });

  it('is empty where nobody is trusted, and not found where there is no such name', async () => {
    const empty = await get(`46001/03.pem`);
    expect([empty.status, await empty.text()]).toEqual([200, '']);
    const none = [
      '46099/01.pem',
      '46001/1.pem',
      '46001/01',
      '46001/01.der',
      'vendors/king.pem',
      'nobody/01.pem',
    ];
    for (const path of none) {
      const answer = await get(path);
      expect([path, answer.status, (await answer.json()).code]).toEqual([path, 404, 'bundle_unknown']);
    }
    expect((await get(`46001/01.pem?at=1`)).status).toBe(400);
  });

  it('asks for a DID where two operators speak for one PLMN', async () => {
    const { world, b } = slices;
    const shared = { ...operatorScope(b.party, '002', [SLICE]), plmns: ['46001', '46002'] };
    const root = await rootOf('shared network', world.now());
    const from = world.now() + 2 * 86_400;
    await slices.admit(b.party, shared, root, { from });
    const answer = await get(`46001/${SLICE}.pem`);
    expect([answer.status, (await answer.json()).code]).toEqual([409, 'bundle_ambiguous']);
    expect((await get(`${slices.a.party.did}/${SLICE}.pem`)).status).toBe(200);
  });
});

describe('a bundle with receipts', () => {
  const nameOfA = (): BundleName => ({ kind: 'slice', operator: slices.a.party.did, slice: SLICE });
  const trust = (more: object = {}) => ({
    ...createLedgerTrust({
      policy: formatPolicy(slices.world.policy),
      now: slices.world.now,
      maxAgeSeconds: 60,
      ...more,
    }),
    cache: createCheckpointCache(),
  });
  const fetched = (name = nameOfA()) => fetchBundleProof(name, { node: origin, fetch });

  it('is made again by its reader, for any time, and says of which version of the trust list it is', async () => {
    await slices.relate(slices.a, slices.b, {
      from: slices.world.now() + 20,
      until: slices.world.now() + 40,
    });
    const { at, checkpointTime } = await verifyBundleProof(nameOfA(), await fetched(), trust());
    expect(checkpointTime).toBe(slices.world.now());
    const sizes = [0, 20, 39, 40].map((later) => at(slices.world.now() + later).anchors.length);
    expect(sizes).toEqual([1, 2, 2, 1]);
    expect(at(slices.world.now()).version).toBe(slices.world.pki.trustVersion());
  });

  it('is refused when it is older than its reader allows, or of another ledger', async () => {
    const proof = await fetched();
    slices.world.later(61);
    await expect(verifyBundleProof(nameOfA(), proof, trust())).rejects.toMatchObject({
      code: 'checkpoint_stale',
    });
    const elsewhere = await openSlices();
    const policy = formatPolicy(elsewhere.world.policy);
    await expect(
      verifyBundleProof(nameOfA(), proof, { ...trust({ policy }), cache: createCheckpointCache() }),
    ).rejects.toMatchObject({ kind: 'proof-failed' });
  });

  it('gives no more trust when a node names others, leaves some out, or answers for another operator', async () => {
    await slices.relate(slices.a, slices.b);
    const whole = await fetched();
    const of = async (proof: typeof whole) =>
      idsOf((await verifyBundleProof(nameOfA(), proof, trust())).at(slices.world.now()));
    const foreign = await fetched({ kind: 'slice', operator: slices.c.party.did, slice: SLICE });
    expect(await of(foreign)).toEqual([]);
    const lacking = { ...whole, members: { ...whole.members, relations: [] } };
    expect(await of(lacking)).toEqual([toHex(slices.a.anchor)]);
    const unproven = { ...whole, members: { ...whole.members, anchors: [slices.c.anchor] } };
    await expect(of(unproven)).rejects.toMatchObject({ code: 'proof_incomplete' });
    const other = await fetched({ kind: 'slice', operator: slices.a.party.did, slice: OTHER_SLICE });
    const mixed = { members: whole.members, receipts: other.receipts };
    await expect(of(mixed)).rejects.toMatchObject({ code: 'proof_incomplete' });
  });

  it('is refused when it is cut off, longer, or anything else', async () => {
    const bytes = encodeBundleProof(await fetched());
    const refused = (what: Uint8Array) =>
      expect(() => decodeBundleProof(what)).toThrow(expect.objectContaining({ code: 'bundle_malformed' }));
    for (let size = 0; size < bytes.length; size += 97) refused(bytes.subarray(0, size));
    refused(utf8(`${'x'.repeat(100)}`));
    refused(Uint8Array.of(...bytes, 0));
    refused(new Uint8Array(5 * 1024 * 1024));
    expect(decodeBundleProof(bytes)).toEqual(await fetched());
  });

  it('is no bundle when the node answers with something else, or not at all', async () => {
    const from = (answer: typeof fetch) => fetchBundleProof(nameOfA(), { node: origin, fetch: answer });
    await expect(from(async () => new Response('believe me'))).rejects.toMatchObject({
      code: 'bundle_malformed',
    });
    await expect(from(async () => new Response(null, { status: 500 }))).rejects.toMatchObject({
      code: 'pki_node_unreachable',
    });
  });
});
