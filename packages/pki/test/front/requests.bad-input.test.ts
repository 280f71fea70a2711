import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Bytes, systemClock } from '@attestel/core';
import { der, writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estRoutes } from '../../src/front/est/est.endpoint.ts';
import { type NodeServer, nodeServer } from '../ledger/node-server.ts';
import { enrolmentWorld } from './fixtures/enrolment.ts';

let node: NodeServer;
beforeAll(async () => {
  const { enrolment, trust } = await enrolmentWorld();
  const options = { enrolment, trust, clock: systemClock, peerCertificates: () => [] };
  node = await nodeServer(estRoutes({ ...options, checkAccount: async () => true }));
});
afterAll(() => node.close());

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const ec = (): Pair => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spkiOf = ({ publicKey }: Pair): Bytes =>
  new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
const ECDSA_SHA256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));
const RSA_SHA256 = der.sequence(der.oid('1.2.840.113549.1.1.11'), der.null());

/** PKCS #10 (RFC 2986 §4) as no honest client writes it. */
function request(
  pair: Pair,
  {
    algorithm = ECDSA_SHA256,
    hash = 'sha256',
    by = pair,
    version = 0,
    mangle = (bytes: Bytes) => bytes,
  } = {},
): Bytes {
  const attributes = der.element(0xa0, new Uint8Array());
  const subject = writeName([['commonName', 'cell']]);
  const info = der.sequence(der.integer(version), subject, spkiOf(pair), attributes);
  const signature = new Uint8Array(sign(hash, info, by.privateKey));
  return mangle(der.sequence(info, algorithm, der.bitString(signature)));
}

const small: Pair = generateKeyPairSync('rsa', { modulusLength: 1024 });

describe('a PKCS #10 request at EST is refused by name of the rule when', () => {
  it.each([
    ['another key signed it', 'request_possession', () => request(ec(), { by: ec() })],
    ['its RSA key has 1024 bits', 'key_too_small', () => request(small, { algorithm: RSA_SHA256 })],
    [
      'it is signed with SHA-1',
      'algorithm_refused',
      () => request(ec(), { algorithm: der.sequence(der.oid('1.2.840.10045.4.1')), hash: 'sha1' }),
    ],
    ['its version is another', 'request_version', () => request(ec(), { version: 1 })],
    [
      'something stands behind it',
      'der_trailing',
      () => request(ec(), { mangle: (bytes) => Uint8Array.of(...bytes, 0) }),
    ],
    [
      'it is in BER',
      'der_form',
      () => request(ec(), { mangle: (bytes) => Uint8Array.of(0x30, 0x80, ...bytes, 0, 0) }),
    ],
    ['it is something else', 'der_malformed', () => createHash('sha256').digest()],
  ])('%s: %s', async (_, code, make) => {
    const response = await fetch(`http://127.0.0.1:${node.port}/.well-known/est/simpleenroll`, {
      method: 'POST',
      headers: { 'content-type': 'application/pkcs10', authorization: `Basic ${btoa('installer:word')}` },
      body: Buffer.from(make()).toString('base64'),
    });
    expect(await response.json()).toMatchObject({ code });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });
});
