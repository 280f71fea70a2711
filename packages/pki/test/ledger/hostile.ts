import type { Bytes } from '@attestel/core';
import { certificateHash } from '@attestel/pki';
import { DerCursor, der, extension, sequenceIn, TAG } from '@attestel/x509';
import { type CertificateOptions, type Certified, certify, freshKey } from './devices.ts';
import { DAY, START } from './world.ts';

/** Places of fields in a TBSCertificate (RFC 5280 §4.1). */
const FIELD = { serial: 1, algorithm: 2 } as const;

/** The certificate with fields that our writer does not write, signed again. */
export function rewritten(
  made: Certified,
  change: { readonly [F in keyof typeof FIELD]?: Bytes },
  { by = made, hash }: { readonly by?: Certified; readonly hash?: string } = {},
): Certified {
  const tbsOf = new DerCursor(sequenceIn(made.certificate).next(TAG.sequence));
  const fields: Bytes[] = [];
  while (!tbsOf.done) fields.push(tbsOf.next().bytes);
  for (const [name, bytes] of Object.entries(change)) fields[FIELD[name as keyof typeof FIELD]] = bytes;
  const tbs = der.sequence(...fields);
  const signature = der.bitString(by.key.sign(tbs, hash));
  const certificate = der.sequence(tbs, fields[FIELD.algorithm] as Bytes, signature);
  return { certificate, hash: certificateHash(certificate), key: made.key };
}

const TEN_YEARS = START + 3650 * DAY;
const ca = (commonName: string, more: CertificateOptions = {}): Promise<Certified> =>
  certify({ ca: true, commonName, notAfter: TEN_YEARS, ...more });

/** A leaf, and what its submitter sends along for the path. */
export interface Chained {
  readonly leaf: Certified;
  readonly intermediates: readonly Bytes[];
}

/** Two CAs that certified each other, and no way up from them. */
export async function cyclicChain(leaf: CertificateOptions): Promise<Chained> {
  const [first, second] = [freshKey(), freshKey()];
  const one = await ca('Cycle 1', { key: first, issuer: await ca('Cycle 2', { key: second }) });
  const two = await ca('Cycle 2', { key: second, issuer: one });
  return {
    leaf: await certify({ ...leaf, issuer: one }),
    intermediates: [one.certificate, two.certificate],
  };
}

export async function deepChain(root: Certified, depth: number, leaf: CertificateOptions): Promise<Chained> {
  const chain = [root];
  for (let i = 1; i <= depth; i++) chain.push(await ca(`Level ${i}`, { issuer: chain.at(-1) as Certified }));
  return {
    leaf: await certify({ ...leaf, issuer: chain.at(-1) as Certified }),
    intermediates: chain.slice(1).map(({ certificate }) => certificate),
  };
}

export async function constrainedChain(
  root: Certified,
  constraints: number,
  leaf: CertificateOptions,
): Promise<Chained> {
  const excluded = Array.from({ length: constraints }, (_, i) => ({
    ...({ kind: 'dns', value: i.toString(36) } as const),
  }));
  const issuer = await ca('Constrained', {
    issuer: root,
    extensions: [extension.nameConstraints({ permitted: [], excluded })],
  });
  return { leaf: await certify({ ...leaf, issuer }), intermediates: [issuer.certificate] };
}
