import { type Bytes, toBase64, toHex } from '@attestel/core';
import { buildOperation } from '@attestel/ledger';
import {
  anchorIdOf,
  type BatchTerms,
  buildSubmission,
  createPublisher,
  pkiSubmitRoutes,
} from '@attestel/pki';
import { der, writeExtension } from '@attestel/x509';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeAttachment } from '../../src/module/attachment.schema.ts';
import { type Certified, certify, freshKey, itemOf, prove, serialOf } from './devices.ts';
import { type Chained, constrainedChain, cyclicChain, deepChain, rewritten } from './hostile.ts';
import { type NodeServer, nodeServer } from './node-server.ts';
import {
  admission,
  authorise,
  DAY,
  NETWORK,
  openWorld,
  START,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

let world: World;
let root: Certified;
let anchor: Bytes;
let what: BatchTerms;
let batch: Bytes;
let node: NodeServer;

/** A vendor with a CA, whose batch also covers devices that sign for themselves. */
beforeEach(async () => {
  world = await openWorld();
  const { a, b, v, ledger, pki } = world;
  root = await certify({ ca: true, commonName: 'Vendor CA', notAfter: START + 3650 * DAY });
  const scope = vendorScope(v);
  const body = admission(world, scope, [a, b], { certificate: root.certificate });
  expect(await world.act('anchor.admit', body, [v, a, b])).toBeUndefined();
  anchor = anchorIdOf(root.certificate, scope);
  what = terms(world, anchor);
  batch = await authorise(world, what);
  const clock = { now: () => world.now() * 1000 };
  const publisher = createPublisher({
    ...{ ledger, pki, did: v.did, signer: v.signer, tokenKey: tokenKeyOf(v), clock },
    random: { bytes: (n) => new Uint8Array(n).fill(7) },
  });
  const mayPublish = (did: string) => did === v.did;
  node = await nodeServer(
    pkiSubmitRoutes({ publisher, authenticate: async () => ({ did: v.did }), mayPublish }),
  );
});
afterEach(() => node.close());

/** What is wrong with one certificate of a submission. */
interface Bad {
  readonly made: Certified;
  readonly possession?: Bytes;
  readonly intermediates?: readonly Bytes[];
}

const chained = ({ leaf, intermediates }: Chained): Bad => ({ made: leaf, intermediates });
const device = serialOf(7);
const publishedBefore = async (more: object = {}): Promise<Certified> => {
  const made = await certify({ device: serialOf(8), ...more });
  expect((await post([made])).status).toBe(200);
  return made;
};
const YEAR = 365 * DAY;
const SERIAL = Uint8Array.of(0x40, 1, 2);

type Row = readonly [rule: string, status: number, code: string, make: () => Promise<Bad>];

/** By what the bytes say alone: every validator finds it without state. */
const STATELESS: readonly Row[] = [
  [
    ...(['another key signed the statement', 400, 'pki_possession_invalid'] as const),
    async () => {
      const made = await certify({ device });
      return { made, possession: prove(made, world.v, batch, freshKey()) };
    },
  ],
  [
    ...(['the proof is of another day’s challenge', 400, 'pki_possession_invalid'] as const),
    async () => {
      const made = await certify({ device });
      return { made, possession: prove(made, world.v, new Uint8Array(32).fill(1)) };
    },
  ],
  [
    ...(['the proof was made for another member', 400, 'pki_possession_invalid'] as const),
    async () => {
      const made = await certify({ device });
      return { made, possession: prove(made, world.a, batch) };
    },
  ],
  [
    ...(['an RSA key has 1024 bits', 400, 'key_too_small'] as const),
    async () => ({ made: await certify({ device, key: freshKey('rsa-1024') }) }),
  ],
  [
    ...(['it is signed with SHA-1', 400, 'algorithm_refused'] as const),
    async () => {
      const algorithm = der.sequence(der.oid('1.2.840.10045.4.1'));
      return { made: rewritten(await certify({ device }), { algorithm }, { hash: 'sha1' }) };
    },
  ],
  [
    ...(['it is valid for thirty years', 400, 'pki_lifetime'] as const),
    async () => ({ made: await certify({ device, notAfter: START + 30 * YEAR }) }),
  ],
  [
    ...(['the device’s serial is outside of the vendor’s range', 403, 'pki_outside_range'] as const),
    async () => ({ made: await certify({ device: 'ZZ-000007' }) }),
  ],
  [
    ...(['a critical extension is not known', 422, 'extension_critical_unknown'] as const),
    async () => {
      const unknown = writeExtension('1.3.6.1.4.1.99999.1', true, der.null());
      return { made: await certify({ device, extensions: [unknown] }) };
    },
  ],
  [
    ...(['its serial is negative', 400, 'serial_negative'] as const),
    async () => ({
      made: rewritten(await certify({ device }), { serial: Uint8Array.of(2, 2, 0x80, 1) }),
    }),
  ],
  [
    ...(['its serial has 21 octets', 400, 'serial_too_long'] as const),
    async () => ({ made: await certify({ device, serial: new Uint8Array(20).fill(0x80) }) }),
  ],
  [
    ...(['its issuers certified each other', 422, 'path_cyclic'] as const),
    async () => chained(await cyclicChain({ device })),
  ],
  [
    ...(['a hundred CAs stand between it and the anchor', 422, 'path_too_long'] as const),
    async () => chained(await deepChain(root, 100, { device })),
  ],
  [
    ...(['its CA has 2,048 name constraints', 413, 'path_names_too_many'] as const),
    async () => chained(await constrainedChain(root, 2048, { device })),
  ],
  [
    ...(['it is in BER, with a length of indefinite form', 400, 'der_form'] as const),
    async () => {
      const made = await certify({ device });
      return { made: { ...made, certificate: Uint8Array.of(0x30, 0x80, ...made.certificate, 0, 0) } };
    },
  ],
];

/** By what the ledger holds. */
const STATEFUL: readonly Row[] = [
  [
    ...(['the same certificate and proof came before', 409, 'pki_certificate_exists'] as const),
    async () => ({ made: await publishedBefore() }),
  ],
  [
    ...(['its issuer used the serial before', 409, 'pki_serial_taken'] as const),
    async () => {
      await publishedBefore({ issuer: root, serial: SERIAL });
      return { made: await certify({ device, issuer: root, serial: SERIAL }) };
    },
  ],
  [
    ...(['its key was published before', 409, 'pki_key_taken'] as const),
    async () => ({ made: await certify({ device, key: (await publishedBefore()).key }) }),
  ],
  [
    ...(['its device has a certificate', 409, 'pki_device_taken'] as const),
    async () => {
      await publishedBefore({ device });
      return { made: await certify({ device }) };
    },
  ],
];

const post = (
  made: readonly Certified[],
  { possession, intermediates = [] }: Partial<Bad> = {},
  more: object = {},
) =>
  node.postJson('/v1/pki/certificates', {
    ...{ role: 'small-cell', anchor: toHex(anchor), batch: toHex(batch), challenge: toHex(batch) },
    intermediates: intermediates.map(toBase64),
    certificates: made.map((one, i) => ({
      certificate: toBase64(one.certificate),
      // The bad one comes alone or second.
      possession: toBase64((i === made.length >> 1 && possession) || prove(one, world.v, batch)),
    })),
    ...more,
  });

/** One that signs itself and one under the CA: those of a batch may stand on either ground. */
const goodOnes = () =>
  Promise.all([certify({ device: serialOf(1) }), certify({ device: serialOf(2), issuer: root })]);

describe('a certificate is refused, and spoils none beside it, when', () => {
  it.each([...STATELESS, ...STATEFUL])('%s', async (_, status, code, make) => {
    const bad = await make();
    // What is said again within a second is the same operation.
    world.later(1);
    expect(await post([bad.made], bad)).toMatchObject({ status, body: { code } });
    const [first, last] = await goodOnes();
    expect(await post([first, bad.made, last], bad)).toMatchObject({
      status: 200,
      body: { accepted: 2, rejected: [{ item: 1, code }] },
    });
    await world.eraseAttachments();
    expect(await world.verify()).toMatchObject({ ok: true });
  });

  it('each has a code of its own; proofs that do not hold are alike, whatever else they prove', () => {
    const codes = [...STATELESS, ...STATEFUL].map(([, , code]) => code);
    const shared = codes.filter((code) => code === 'pki_possession_invalid').length;
    expect(new Set(codes).size).toBe(codes.length - shared + 1);
  });
});

describe('validators refuse a submission that calls a certificate good when', () => {
  it.each(STATELESS)('%s', async (_rule, _status, code, make) => {
    const { made, possession = prove(made, world.v, batch), intermediates = [] } = await make();
    const evidence = {
      ...{ anchor: root.certificate, scope: vendorScope(world.v), intermediates: [...intermediates] },
      ...{ tokenKey: tokenKeyOf(world.v), batch: { vendor: world.v.did, terms: what }, source: null },
    };
    const items = (await goodOnes()).map((one) => itemOf(one, world.v, batch));
    const { operation } = await buildSubmission({
      ...{ network: NETWORK, submitter: world.v.did, role: 'small-cell', challenge: batch },
      ...{ evidence, items, notAfter: world.notAfter(), signers: [world.v.signer] },
    });
    items[1] = { certificate: made.certificate, possession, replaces: null, origin: null };
    const forged = encodeAttachment({ ...evidence, items });
    const { payload } = operation;
    // Facts of the good one stand where the bad one's code belongs.
    const sent = await buildOperation({ ...payload }, [world.v.signer], forged);
    expect(await world.send(sent)).toBe('pki_facts_unproven /items/1');
    const body = { ...payload.body, items: [(payload.body.items as Bytes[])[0] as Bytes, code] };
    const honest = await buildOperation({ ...payload, body }, [world.v.signer], forged);
    expect(await world.send(honest)).toBeUndefined();
  });
});
