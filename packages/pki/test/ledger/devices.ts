import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Bytes, systemRandom } from '@attestel/core';
import {
  certificateHash,
  possessionStatement,
  type SubmissionAttachment,
  type SubmittedItem,
} from '@attestel/pki';
import {
  type CertificateSignatureAlgorithm,
  EKU,
  extension,
  type GeneralName,
  parseCertificate,
  writeCertificate,
  writeName,
} from '@attestel/x509';
import { DAY, NETWORK, type Party, START } from './world.ts';

export interface Key {
  readonly spki: Bytes;
  readonly algorithm: CertificateSignatureAlgorithm;
  /** @param hash other than the key's own */
  sign(message: Bytes, hash?: string): Bytes;
}

type Kind = 'ec' | 'rsa' | 'rsa-1024' | 'ed25519' | 'p384';

export function freshKey(kind: Kind = 'ec'): Key {
  const { publicKey, privateKey } = keyPair(kind);
  const hash = kind === 'ed25519' ? null : kind === 'p384' ? 'sha384' : 'sha256';
  return {
    spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    algorithm: ALGORITHM[kind],
    sign: (message, other) => new Uint8Array(sign(other ?? hash, message, privateKey)),
  };
}

const ALGORITHM = {
  ec: 'ecdsa-sha256',
  p384: 'ecdsa-sha384',
  rsa: 'rsa-sha256',
  'rsa-1024': 'rsa-sha256',
  ed25519: 'ed25519',
} as const satisfies Record<Kind, CertificateSignatureAlgorithm>;

function keyPair(kind: Kind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  if (kind === 'ec' || kind === 'p384') {
    return generateKeyPairSync('ec', { namedCurve: kind === 'ec' ? 'P-256' : 'P-384' });
  }
  return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa' ? 2048 : 1024 });
}

export interface Certified {
  readonly certificate: Bytes;
  readonly hash: Bytes;
  readonly key: Key;
}

export interface CertificateOptions {
  /** serialNumber of the subject. */
  readonly device?: string | null;
  readonly commonName?: string;
  readonly key?: Key;
  /** Absent: self-signed. */
  readonly issuer?: Certified;
  readonly serial?: Bytes;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly san?: readonly GeneralName[];
  readonly extensions?: readonly Bytes[];
  readonly ca?: boolean;
  /** Extended key usages; default: IKE. */
  readonly usages?: readonly string[];
  readonly algorithm?: CertificateSignatureAlgorithm;
}

/** Defaults: a small cell's certificate for 397 days. */
export async function certify(options: CertificateOptions = {}): Promise<Certified> {
  const { device = 'AC5G-000001', commonName = 'Cell', key = freshKey(), issuer, ca = false } = options;
  const { notBefore = START - 3600, san = [] } = options;
  const subject = writeName([
    ['commonName', commonName],
    ...(device === null || ca ? [] : ([['serialNumber', device]] as const)),
  ]);
  const signing = issuer?.key ?? key;
  const algorithm = options.algorithm ?? signing.algorithm;
  const certificate = await writeCertificate(
    {
      serial: options.serial ?? positive(),
      issuer: issuer ? parseCertificate(issuer.certificate).subject : subject,
      ...{ subject, notBefore, notAfter: options.notAfter ?? notBefore + 397 * DAY, spki: key.spki },
      extensions: [
        extension.basicConstraints(ca ? { ca } : { ca: false }),
        extension.keyUsage(ca ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']),
        ...(ca ? [] : [extension.extKeyUsage(options.usages ?? [EKU.ipsecIke])]),
        ...(ca ? [extension.ski(certificateHash(key.spki).subarray(0, 20))] : []),
        ...(san.length > 0 ? [extension.san(san)] : []),
        ...(options.extensions ?? []),
      ],
      signatureAlgorithm: algorithm,
    },
    (tbs) => signing.sign(tbs),
  );
  return { certificate, hash: certificateHash(certificate), key };
}

function positive(): Bytes {
  const serial = systemRandom.bytes(16);
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f);
  return serial;
}

export const prove = (what: Certified, submitter: Party, challenge: Bytes, by: Key = what.key): Bytes =>
  by.sign(
    possessionStatement({ network: NETWORK, challenge, certificate: what.hash, submitter: submitter.did }),
  );

export const itemOf = (
  what: Certified,
  submitter: Party,
  challenge: Bytes,
  more: Partial<SubmittedItem> = {},
): SubmittedItem => ({
  certificate: what.certificate,
  possession: prove(what, submitter, challenge),
  ...{ replaces: null, origin: null },
  ...more,
});

export type Evidence = Omit<SubmissionAttachment, 'items'>;

export const serialOf = (number: number): string => `AC5G-${String(number).padStart(6, '0')}`;
