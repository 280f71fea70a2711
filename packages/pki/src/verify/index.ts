export {
  type CertificateProof,
  decodeCertificateProof,
  encodeCertificateProof,
  MAX_PROOF_BYTES,
  type ProvenCheck,
  verifyCertificateProof,
  verifyProofOf,
} from '../proof/certificate-proof.ts';
export type { CheckResult, Verdict } from '../types.ts';
