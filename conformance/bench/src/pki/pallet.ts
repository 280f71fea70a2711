import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Bytes, systemClock, systemRandom, unixSeconds } from '@attestel/core';
import {
  anchorIdOf,
  type BatchTerms,
  batchIdOf,
  certificateHash,
  commitToTokenKey,
  type PublishRequest,
  possessionStatement,
  type Scope,
  type SubmittedItem,
} from '@attestel/pki';
import { EKU, extension, writeCertificate, writeName } from '@attestel/x509';
import { NETWORK, type PkiLedger } from './pki-ledger.ts';

const DAY = 86_400;
const PREFIX = 'AC5G-';
const DIGITS = 7;

export interface Device {
  readonly certificate: Bytes;
  readonly key: KeyObject;
}

/** A vendor's factory: its CA on the ledger, its devices made before anything is measured. */
export interface Factory {
  readonly anchor: Bytes;
  /** DER of the vendor's CA. */
  readonly ca: Bytes;
  /** A device with the vendor's certificate, which is not on the ledger. */
  device(): Promise<Device>;
  /** Certificates of P-256 keys with fresh proofs of possession, under a new batch. */
  pallet(count: number): Promise<PublishRequest>;
}

interface Ca {
  readonly subject: Bytes;
  readonly keyId: Bytes;
  readonly key: KeyObject;
  readonly certificate: Bytes;
}

const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spkiOf = (key: KeyObject): Bytes => new Uint8Array(key.export({ format: 'der', type: 'spki' }));
const signedBy = (key: KeyObject) => (message: Bytes) => new Uint8Array(sign('sha256', message, key));

export async function openFactory(world: PkiLedger): Promise<Factory> {
  const now = unixSeconds(systemClock);
  const ca = await createCa(now);
  const scope: Scope = {
    ...{
      kind: 'vendor',
      owner: world.vendor.did,
      plmns: [],
      slices: [],
      dns: [],
      serials: [PREFIX.slice(0, -1)],
    },
    ...{ roles: ['small-cell'], tokenKey: commitToTokenKey(world.tokenKey) },
  };
  const voters = [world.vendor, world.operator];
  await world.act(
    'anchor.admit',
    {
      ...{ certificate: ca.certificate, scope, from: now, until: null, replaces: null },
      voters: voters.map(({ did }) => did),
    },
    voters,
  );
  const anchor = anchorIdOf(ca.certificate, scope);
  let made = 0;
  return {
    anchor,
    ca: ca.certificate,
    device: () => makeDevice(ca, ++made, now),
    async pallet(count) {
      const from = made + 1;
      made += count;
      const terms: BatchTerms = {
        ...{ anchor, product: 'AC-5G indoor', number: `PO-${from}`, count },
        serials: { prefix: PREFIX, digits: DIGITS, from, to: made },
        ...{ line: null, expiry: now + 30 * DAY, destination: null },
      };
      await world.act('batch.authorise', terms, [world.vendor]);
      const { did } = world.vendor;
      const batch = batchIdOf(terms, { network: NETWORK, vendor: did });
      const items: SubmittedItem[] = [];
      for (let number = from; number <= made; number++) {
        items.push(itemOf(await makeDevice(ca, number, now), did, batch));
      }
      return {
        ...{ role: 'small-cell', anchor, batch, challenge: batch, intermediates: [], source: null, items },
      };
    },
  };
}

async function createCa(now: number): Promise<Ca> {
  const { publicKey, privateKey } = p256();
  const spki = spkiOf(publicKey);
  const subject = writeName([['commonName', 'Bench vendor CA']]);
  const keyId = certificateHash(spki).subarray(0, 20);
  const extensions = [
    extension.basicConstraints({ ca: true }),
    extension.keyUsage(['keyCertSign', 'cRLSign']),
    extension.ski(keyId),
  ];
  const validity = { notBefore: now - DAY, notAfter: now + 3650 * DAY };
  const signed = { serial: Uint8Array.of(1), issuer: subject, subject, ...validity, spki, extensions };
  const certificate = await writeCertificate(
    { ...signed, signatureAlgorithm: 'ecdsa-sha256' },
    signedBy(privateKey),
  );
  return { subject, keyId, key: privateKey, certificate };
}

async function makeDevice(ca: Ca, number: number, now: number): Promise<Device> {
  const { publicKey, privateKey } = p256();
  const spki = spkiOf(publicKey);
  const serialNumber = `${PREFIX}${String(number).padStart(DIGITS, '0')}`;
  const certificate = await writeCertificate(
    {
      ...{ serial: serialOf(), issuer: ca.subject, spki },
      subject: writeName([
        ['organization', 'Bench vendor'],
        ['commonName', 'Small cell'],
        ['serialNumber', serialNumber],
      ]),
      ...{ notBefore: now - 3600, notAfter: now + 3650 * DAY - 2 * DAY },
      extensions: [
        extension.basicConstraints({ ca: false }),
        extension.keyUsage(['digitalSignature']),
        extension.extKeyUsage([EKU.ipsecIke]),
        extension.ski(certificateHash(spki).subarray(0, 20)),
        extension.aki({ keyId: ca.keyId }),
      ],
      signatureAlgorithm: 'ecdsa-sha256',
    },
    signedBy(ca.key),
  );
  return { certificate, key: privateKey };
}

function itemOf({ certificate, key }: Device, submitter: string, challenge: Bytes): SubmittedItem {
  const hash = certificateHash(certificate);
  const statement = possessionStatement({ network: NETWORK, challenge, submitter, certificate: hash });
  return { certificate, possession: signedBy(key)(statement), replaces: null, origin: null };
}

function serialOf(): Bytes {
  const serial = systemRandom.bytes(16);
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f);
  return serial;
}
