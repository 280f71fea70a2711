import { type Bytes, unixSeconds } from '@attestel/core';
import {
  anchorIdOf,
  type BatchTerms,
  batchIdOf,
  certificateHash,
  commitToTokenKey,
  ensureTokenKey,
  type Scope,
  type SigningKey,
} from '@attestel/pki';
import { EKU, extension, writeCertificate, writeName } from '@attestel/x509';
import { ensurePublished } from './device.ts';
import { type EquipmentContext, pkiChange, publisherOf } from './equipment-context.ts';
import { admit } from './operator-ca.ts';

const DAY = 86_400;
const PREFIX = 'CG5G-';
const DIGITS = 6;
const SERIAL_OCTETS = 16;
const PRODUCT = 'CG-5G indoor cell';

/** Serial numbers of the demo's cells. */
export const CELLS = [1, 2, 3].map((number) => `${PREFIX}${String(number).padStart(DIGITS, '0')}`);

/** The vendor has no CA: what it vouches for is the batch, and each cell signs its own certificate. */
export async function ensureCells(context: EquipmentContext): Promise<readonly Bytes[]> {
  const { vendor, pki } = context;
  const scope: Scope = {
    ...{ kind: 'vendor', owner: vendor.identity.did, plmns: [], slices: [], dns: [], serials: [PREFIX] },
    roles: ['small-cell'],
    tokenKey: commitToTokenKey(await ensureTokenKey(vendor.party.keyStore)),
  };
  const anchor = anchorIdOf(null, scope);
  if (!pki.anchor(anchor)) await admit(context, vendor, { certificate: null, scope });
  const batch = await ensureBatch(context, anchor);
  const publisher = await publisherOf(context, vendor);
  const certificates: Bytes[] = [];
  for (const serial of CELLS) {
    const certify = (key: SigningKey) => selfSigned(context, serial, key);
    certificates.push(
      await ensurePublished(context, serial, { role: 'small-cell', publisher, anchor, batch, certify }),
    );
  }
  return certificates;
}

async function ensureBatch(context: EquipmentContext, anchor: Bytes): Promise<Bytes> {
  const { pki, vendor, world } = context;
  const number = 'PO-2026-001';
  const known = pki.batches().find((one) => one.vendor === vendor.identity.did && one.number === number);
  if (known) return known.id;
  const terms: BatchTerms = {
    ...{ anchor, product: PRODUCT, number, count: CELLS.length, line: null },
    serials: { prefix: PREFIX, digits: DIGITS, from: 1, to: CELLS.length },
    expiry: unixSeconds(world.clock) + 365 * DAY,
    destination: context.operators[0]?.identity.did ?? null,
  };
  await pkiChange(context, 'batch.authorise', { ...terms, serials: { ...terms.serials } }, [vendor]);
  return batchIdOf(terms, { network: world.network, vendor: vendor.identity.did });
}

function selfSigned({ world }: EquipmentContext, serialNumber: string, key: SigningKey): Promise<Bytes> {
  const name = writeName([
    ['commonName', PRODUCT],
    ['serialNumber', serialNumber],
  ]);
  const serial = world.random.bytes(SERIAL_OCTETS);
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f); // neither zero nor negative (RFC 5280 §4.1.2.2)
  const notBefore = unixSeconds(world.clock) - 3600;
  const template = {
    ...{ serial, issuer: name, subject: name, notBefore, notAfter: notBefore + 365 * DAY, spki: key.spki },
    extensions: [
      extension.basicConstraints({ ca: false }),
      extension.keyUsage(['digitalSignature']),
      extension.extKeyUsage([EKU.ipsecIke]),
    ],
    signatureAlgorithm: key.algorithm,
  };
  return writeCertificate(template, (tbs) => key.sign(tbs));
}

/** One of them was reported once, so that there is something to see; whoever lifts that, lifts it. */
export async function ensureSuspended(context: EquipmentContext, certificate: Bytes): Promise<void> {
  const hash = certificateHash(certificate);
  if (context.pki.certificate(hash)?.changes !== 0) return;
  const body = { certificates: [hash], reason: 'clone-detected' };
  await pkiChange(context, 'status.suspend', body, [context.vendor]);
}
