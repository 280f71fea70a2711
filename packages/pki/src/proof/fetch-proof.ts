import { type Bytes, sha256, toHex } from '@attestel/core';
import { readBounded } from '@attestel/did/verify';
import { fail } from '../errors.ts';
import { type CertificateProof, decodeCertificateProof, MAX_PROOF_BYTES } from './certificate-proof.ts';

export interface ProofSourceOptions {
  /** Base URL of a node. It is not trusted: what it sends is checked. */
  readonly node: string;
  readonly fetch: typeof fetch;
  /** Default 5000. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Asks a node for the proof of a certificate; the certificate itself does not travel.
 * @throws AppError pki_node_unreachable, pki_proof_malformed
 */
export const fetchCertificateProof = (der: Bytes, source: ProofSourceOptions): Promise<CertificateProof> =>
  fetchProofOf(sha256(der), source);

/** The same for whoever has the SHA-256 of the certificate only. @throws what fetchCertificateProof throws */
export async function fetchProofOf(
  hash: Bytes,
  { node, fetch, timeoutMilliseconds = 5000 }: ProofSourceOptions,
): Promise<CertificateProof> {
  let bytes: Bytes;
  try {
    const response = await fetch(`${node}/v1/pki/certificates/${toHex(hash)}/proof`, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (!response.ok) throw new TypeError(`proof: HTTP ${response.status}`);
    bytes = await readBounded(response, MAX_PROOF_BYTES);
  } catch (cause) {
    throw fail('pki_node_unreachable', { cause });
  }
  return decodeCertificateProof(bytes);
}
