import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { anchorIdOf, buildSubmission, type SubmittedItem } from '@attestel/pki';
import type { CertificateSignatureAlgorithm } from '@attestel/x509';
import { expect, it } from 'vitest';
import { type Certified, certify, itemOf, type Key, prove, serialOf } from './devices.ts';
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
} from './world.ts';

const made = new Map<number, ReturnType<typeof pairOf>>();
const pairOf = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });

/** As CAs of vendors have it; the same pair for a size, since they are slow to make. */
function rsaKey(bits: number, algorithm: CertificateSignatureAlgorithm, name = 0): Key {
  const { publicKey, privateKey } = made.get(bits + name) ?? pairOf(bits);
  made.set(bits + name, { publicKey, privateKey });
  const padding = algorithm.startsWith('rsa-pss')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  const hash = algorithm.slice(-6);
  return {
    spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    algorithm,
    sign: (message) => new Uint8Array(sign(hash, message, { key: privateKey, ...padding })),
  };
}

const TEN_YEARS = START + 3650 * DAY;

it.each([
  [2048, 'rsa-sha256'],
  [2048, 'rsa-pss-sha256'],
  [4096, 'rsa-sha384'],
  [4096, 'rsa-pss-sha384'],
] as const)(
  'a vendor with RSA CAs of %i bits that sign with %s: its device has an RSA key and is published',
  async (bits, algorithm) => {
    const world = await openWorld();
    const { a, b, v } = world;
    const ca = (commonName: string, name: number, issuer?: Certified) =>
      certify({
        ...{ ca: true, commonName, key: rsaKey(bits, algorithm, name), notAfter: TEN_YEARS },
        ...(issuer && { issuer }),
      });
    const root = await ca('Vendor root', 0);
    const between = await ca('Vendor CA', 1, root);
    const vendor = { anchor: root.certificate, scope: vendorScope(v), intermediates: [between.certificate] };
    const body = admission(world, vendor.scope, [a, b], { certificate: root.certificate });
    expect(await world.act('anchor.admit', body, [v, a, b])).toBeUndefined();
    const what = terms(world, anchorIdOf(root.certificate, vendor.scope));
    const batch = await authorise(world, what);
    const key = rsaKey(2048, 'rsa-sha256', 2);
    const device = await certify({ device: serialOf(1), key, issuer: between, notAfter: TEN_YEARS });
    const submit = async (item: SubmittedItem) => {
      const { operation } = await buildSubmission({
        ...{ network: NETWORK, submitter: v.did, role: 'small-cell', challenge: batch },
        evidence: {
          ...{ ...vendor, tokenKey: tokenKeyOf(v), source: null, batch: { vendor: v.did, terms: what } },
        },
        ...{ items: [item], notAfter: world.notAfter(), signers: [v.signer] },
      });
      return world.send(operation);
    };
    const possession = prove(device, v, batch, rsaKey(2048, 'rsa-sha256', 3));
    await expect(submit(itemOf(device, v, batch, { possession }))).rejects.toMatchObject({
      code: 'pki_possession_invalid',
    });
    expect(await submit(itemOf(device, v, batch))).toBeUndefined();
    expect(world.pki.check(device.certificate).verdict).toBe('good');
  },
  120_000,
);
