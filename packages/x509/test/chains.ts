import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import {
  type CertificateSignatureAlgorithm,
  der,
  extension,
  hashOf,
  writeName,
  writeSignatureAlgorithm,
} from '@attestel/x509';

export const AT = 1_800_000_000;
export const DAY = 86_400;

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export type KeyKind = 'P-256' | 'P-384' | 'RSA' | 'Ed25519';

const made = new Map<string, KeyPair>();

/** A key pair of a kind; the same name gives the same pair, since RSA keys are slow to make. */
export function keyPair(kind: KeyKind = 'P-256', name = ''): KeyPair {
  const id = `${kind}/${name}`;
  const known = made.get(id);
  if (known) return known;
  const pair = generate(kind);
  made.set(id, pair);
  return pair;
}

function generate(kind: KeyKind): KeyPair {
  if (kind === 'RSA') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  if (kind === 'Ed25519') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('ec', { namedCurve: kind });
}

export const spkiOf = (pair: KeyPair): Bytes =>
  new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }));

const DEFAULT_ALGORITHM: Record<string, CertificateSignatureAlgorithm> = {
  rsa: 'rsa-sha256',
  ed25519: 'ed25519',
  ec: 'ecdsa-sha256',
};

export interface Authority {
  readonly certificate: Bytes;
  readonly subject: Bytes;
  readonly keys: KeyPair;
}

/** Parts of a certificate that a test sets; raw parts are the DER of the field. */
export interface Change {
  readonly subject?: Bytes;
  readonly issuer?: Bytes;
  readonly spki?: Bytes;
  readonly serial?: number;
  readonly rawSerial?: Bytes;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly rawNotBefore?: Bytes;
  readonly algorithm?: CertificateSignatureAlgorithm;
  readonly rawAlgorithm?: Bytes;
  readonly extensions?: readonly Bytes[];
}

let serials = 1;

/** A certificate signed by an authority's key, with whatever the test asks for. */
export function issued(by: Pick<Authority, 'subject' | 'keys'>, change: Change = {}): Bytes {
  const algorithm =
    change.algorithm ??
    (DEFAULT_ALGORITHM[by.keys.privateKey.asymmetricKeyType ?? ''] as CertificateSignatureAlgorithm);
  const identifier = change.rawAlgorithm ?? writeSignatureAlgorithm(algorithm);
  const { extensions = [] } = change;
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)),
    change.rawSerial ?? der.integer(change.serial ?? serials++),
    identifier,
    change.issuer ?? by.subject,
    der.sequence(
      change.rawNotBefore ?? der.time(change.notBefore ?? AT - DAY),
      der.time(change.notAfter ?? AT + DAY),
    ),
    change.subject ?? writeName([['commonName', 'Leaf']]),
    change.spki ?? spkiOf(keyPair('P-256', 'leaf')),
    ...(extensions.length > 0 ? [der.explicit(3, der.sequence(...extensions))] : []),
  );
  const pss = algorithm.startsWith('rsa-pss') ? { padding: 6, saltLength: -1 } : {};
  const signature = sign(hashOf(algorithm), tbs, { key: by.keys.privateKey, dsaEncoding: 'der', ...pss });
  return der.sequence(tbs, identifier, der.bitString(signature));
}

export const CA_EXTENSIONS: readonly Bytes[] = [
  extension.basicConstraints({ ca: true }),
  extension.keyUsage(['keyCertSign', 'cRLSign']),
];

/** A CA: self-signed, or under another one. */
export function authority(
  name: string,
  { by, keys = keyPair('P-256', name), ...change }: Change & { by?: Authority; keys?: KeyPair } = {},
): Authority {
  const subject = change.subject ?? writeName([['commonName', name]]);
  const self = { subject, keys };
  const certificate = issued(by ?? self, {
    spki: spkiOf(keys),
    extensions: CA_EXTENSIONS,
    ...change,
    subject,
  });
  return { certificate, subject, keys };
}
