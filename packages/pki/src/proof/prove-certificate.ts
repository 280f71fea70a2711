import type { Bytes } from '@attestel/core';
import { createProvingReads, type ProofSource } from '@attestel/ledger';
import { checkCertificate } from '../check-certificate.ts';
import { certificates, PKI_MODULE } from '../state/records.ts';
import type { CertificateProof } from './certificate-proof.ts';

/**
 * Inclusion and non-revocation in one: the record of the certificate with its status, of its anchor and of its batch, as
 * of the newest checkpoint that a quorum has cosigned; or that there is none.
 * @param at time that is asked about, unix seconds
 * @throws AppError proof_unavailable
 */
export function proveCertificate(proofs: ProofSource, hash: Bytes, at: number): CertificateProof {
  const proving = createProvingReads(proofs, 'full');
  const state = proving.read(PKI_MODULE);
  certificates.get(state, hash); // the first receipt is that of the certificate
  checkCertificate(state, hash, at);
  return { receipts: proving.receipts() };
}
