export {
  type CertificateProof,
  decodeCertificateProof,
  encodeCertificateProof,
  type ProvenCheck,
  verifyCertificateProof,
  verifyProofOf,
} from '../proof/certificate-proof.ts';
export { fetchProofOf, type ProofSourceOptions } from '../proof/fetch-proof.ts';
export type { CheckResult, Verdict } from '../types.ts';
