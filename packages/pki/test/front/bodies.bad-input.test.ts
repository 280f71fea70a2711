import { type Bytes, fromUtf8, type Route, silentLogger, systemClock, unixSeconds } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cmpRoutes } from '../../src/front/cmp/cmp.endpoint.ts';
import { BODY, parseCmpMessage } from '../../src/front/cmp/message.ts';
import { estRoutes } from '../../src/front/est/est.endpoint.ts';
import { pkiSubmitRoutes } from '../../src/front/json/pki-routes.ts';
import { ocspRoutes } from '../../src/front/ocsp/ocsp.endpoint.ts';
import { createOcspResponder } from '../../src/front/ocsp/responder.ts';
import { type NodeServer, nodeServer } from '../ledger/node-server.ts';
import { freshAuthority } from './fixtures/authority.ts';
import { enrolmentWorld } from './fixtures/enrolment.ts';
import { flood } from './fixtures/flood.ts';
import { fakeStatus } from './fixtures/status.ts';

const MIB = 2 ** 20;
const JSON_PATH = '/v1/pki/certificates';
const CMP_PATH = '/.well-known/cmp';
const EST_PATH = '/.well-known/est/simpleenroll';
const TYPES: Readonly<Record<string, string>> = {
  [JSON_PATH]: 'application/json',
  [CMP_PATH]: 'application/pkixcmp',
  [EST_PATH]: 'application/pkcs10',
  '/ocsp': 'application/ocsp-request',
};

let node: NodeServer;
/** Of requests that reached an endpoint. */
let handled = 0;

beforeAll(async () => {
  const { enrolment, trust, cmp } = await enrolmentWorld();
  const { certificate, key } = await freshAuthority('Status');
  const ports = { clock: systemClock, logger: silentLogger };
  const responder = createOcspResponder({
    ...{
      source: fakeStatus([certificate], unixSeconds(systemClock)),
      signer: { key, certificate },
      ...ports,
    },
  });
  const refuse = (): never => {
    throw new Error('nothing here is worth asking the ledger');
  };
  const routes = [
    ...pkiSubmitRoutes({
      publisher: { did: 'did:mno:x', challenge: refuse, publish: refuse },
      ...{ authenticate: async () => ({ did: 'did:mno:x' }), mayPublish: () => true },
    }),
    ...cmpRoutes({ server: await cmp() }),
    ...estRoutes({
      ...{ enrolment, trust, ...ports, peerCertificates: () => [], checkAccount: async () => true },
    }),
    ...ocspRoutes({ responder }),
  ];
  node = await nodeServer(routes.map(counted));
});
afterAll(() => node.close());

const counted = (route: Route): Route => ({
  ...route,
  handle: (request) => {
    handled += 1;
    return route.handle(request);
  },
});

async function post(path: string, body: Bytes): Promise<{ status: number; answer: Bytes }> {
  const response = await fetch(`http://127.0.0.1:${node.port}${path}`, {
    ...{ method: 'POST', body: new Uint8Array(body) },
    headers: { 'content-type': TYPES[path] ?? '', authorization: `Basic ${btoa('installer:word')}` },
  });
  return { status: response.status, answer: new Uint8Array(await response.arrayBuffer()) };
}

describe('a body of nothing', () => {
  it.each([
    [JSON_PATH, 'pki_query_invalid'],
    [EST_PATH, 'est_body'],
  ])('is malformed at %s: %s', async (path, code) => {
    const { status, answer } = await post(path, new Uint8Array());
    expect({ status, ...JSON.parse(fromUtf8(answer)) }).toMatchObject({ status: 400, code });
  });

  it('is no CMP message, and answered with an error message', async () => {
    const { status, answer } = await post(CMP_PATH, new Uint8Array());
    expect([status, parseCmpMessage(answer).kind]).toEqual([400, BODY.error]);
  });

  it('is a malformed OCSP request, and answered without a signature', async () => {
    expect(await post('/ocsp', new Uint8Array())).toEqual({
      status: 200,
      answer: Uint8Array.of(0x30, 3, 0x0a, 1, 1),
    });
  });
});

describe('a body without end', () => {
  const rows = Object.keys(TYPES).flatMap((path) => [
    [path, 'with its length', false] as const,
    [path, 'in chunks', true] as const,
  ]);

  it.each(rows)('at %s, %s, is refused, and no endpoint sees it', async (path, _, chunked) => {
    const before = handled;
    const refused = await flood(node.port, { path, type: TYPES[path] ?? '', bytes: 26 * MIB, chunked });
    expect(refused.status).toBe(413);
    expect(refused.text).toContain('"code":"body_too_large"');
    expect(handled).toBe(before);
  });

  it.each(rows.slice(0, 2))('of 96 MiB at %s, %s, takes no memory to speak of', async (path, _, chunked) => {
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss);
    }, 5);
    const type = TYPES[path] ?? '';
    const flooding = flood(node.port, { path, type, bytes: 96 * MIB, chunked });
    // Others are served meanwhile.
    expect((await post('/ocsp', new Uint8Array())).status).toBe(200);
    expect((await flooding).status).toBe(413);
    clearInterval(watch);
    expect(highest - before).toBeLessThan(64 * MIB);
  });
});
