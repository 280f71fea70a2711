import { type Bytes, systemClock, toHex, unixSeconds } from '@attestel/core';
import { verifyState } from '@attestel/did/verify';
import { proofCrypto } from '@attestel/ledger';
import {
  type CertificateRecord,
  certificateHash,
  decodeCertificateProof,
  encodeCertificateProof,
  PKI_MODULE,
  proveCertificate,
  statusAt,
  verifyCertificateProof,
} from '@attestel/pki';
import { createCheckpointCache } from '@attestel/proof';
import { parseCertificate, verifyCertificateSignature } from '@attestel/x509';
import { measure } from '../measure.ts';
import type { PkiLedger } from './pki-ledger.ts';

const SAMPLE = 500;
const MAX_AGE_SECONDS = 86_400;

/** Microseconds of CPU time; bytes without the certificate, with the checkpoint. */
export interface OfflineFigures {
  /** What is of this certificate alone: its signature, and one receipt of inclusion and status. */
  readonly own: { readonly microseconds: number; readonly bytes: number };
  /** The same with the standing of its anchor and its batch, which all certificates of a batch have in common. */
  readonly whole: { readonly microseconds: number; readonly bytes: number };
}

/** What a gateway without a connection does, against a checkpoint that it has verified before. */
export async function measureOffline(
  { ledger, policy }: PkiLedger,
  issuer: Bytes,
  certificates: readonly Bytes[],
): Promise<OfflineFigures> {
  const now = (): number => unixSeconds(systemClock);
  const { spki } = parseCertificate(issuer);
  const cache = createCheckpointCache();
  const trust = { policy, crypto: proofCrypto, cache, maxAgeSeconds: MAX_AGE_SECONDS, now };
  const samples = certificates.slice(0, SAMPLE).map((der) => {
    const { receipts } = proveCertificate(ledger.proofs, certificateHash(der), now());
    return { der, proof: encodeCertificateProof({ receipts }), receipt: receipts[0] as Bytes };
  });
  const assertSigned = (der: Bytes): void => {
    if (!verifyCertificateSignature(parseCertificate(der), spki)) throw new Error('bench: not signed');
  };
  const own = async (i: number): Promise<void> => {
    const { der, receipt } = samples[i % SAMPLE] as (typeof samples)[number];
    assertSigned(der);
    const key = `cert/${toHex(certificateHash(der))}`;
    const state = await verifyState([receipt], { ...trust, now: now(), expect: { module: PKI_MODULE, key } });
    const record = state.read(PKI_MODULE).get(key) as CertificateRecord | undefined;
    if (!record || statusAt(record, now()) !== 'good') throw new Error('bench: not good');
  };
  const whole = async (i: number): Promise<void> => {
    const { der, proof } = samples[i % SAMPLE] as (typeof samples)[number];
    assertSigned(der);
    const { verdict } = await verifyCertificateProof(der, decodeCertificateProof(proof), trust);
    if (verdict !== 'good') throw new Error(`bench: ${verdict}`);
  };
  const rates = await measure([
    { name: 'own', run: own },
    { name: 'whole', run: whole },
  ]);
  const largest = (bytesOf: (sample: (typeof samples)[number]) => Bytes): number =>
    Math.max(...samples.map((sample) => bytesOf(sample).length));
  return {
    own: { microseconds: 1e6 / (rates.own as number), bytes: largest(({ receipt }) => receipt) },
    whole: { microseconds: 1e6 / (rates.whole as number), bytes: largest(({ proof }) => proof) },
  };
}
