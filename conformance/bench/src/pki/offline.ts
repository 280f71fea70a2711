import { type Bytes, systemClock, unixSeconds } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import {
  certificateHash,
  decodeCertificateProof,
  encodeCertificateProof,
  proveCertificate,
  verifyCertificateProof,
} from '@attestel/pki';
import { createCheckpointCache } from '@attestel/proof';
import { parseCertificate, verifyCertificateSignature } from '@attestel/x509';
import { measure } from '../measure.ts';
import type { PkiLedger } from './pki-ledger.ts';

const SAMPLE = 500;
const MAX_AGE_SECONDS = 86_400;

export interface OfflineFigures {
  readonly microseconds: number;
  /** Of a proof with its checkpoint, without the certificate. */
  readonly bytes: number;
}

/**
 * What a gateway without a connection does: the issuer's signature, then a stored proof that the certificate is on the
 * ledger and good, against a checkpoint that was verified before.
 */
export async function measureOffline(
  { ledger, policy }: PkiLedger,
  issuer: Bytes,
  certificates: readonly Bytes[],
): Promise<OfflineFigures> {
  const now = unixSeconds(systemClock);
  const { spki } = parseCertificate(issuer);
  const trust = {
    ...{ policy, crypto: proofCrypto, cache: createCheckpointCache(), maxAgeSeconds: MAX_AGE_SECONDS },
    now: () => unixSeconds(systemClock),
  };
  const samples = certificates.slice(0, SAMPLE).map((der) => {
    const proof = encodeCertificateProof(proveCertificate(ledger.proofs, certificateHash(der), now));
    return { der, proof };
  });
  const { us } = await measure([
    {
      name: 'us',
      async run(i) {
        const { der, proof } = samples[i % SAMPLE] as (typeof samples)[number];
        const isSigned = verifyCertificateSignature(parseCertificate(der), spki);
        const { verdict } = await verifyCertificateProof(der, decodeCertificateProof(proof), trust);
        if (!isSigned || verdict !== 'good') throw new Error(`bench: ${verdict}`);
      },
    },
  ]);
  const bytes = Math.max(...samples.map(({ proof }) => proof.length));
  return { microseconds: 1e6 / (us as number), bytes };
}
