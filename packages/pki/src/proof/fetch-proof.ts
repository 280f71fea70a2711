import { type Bytes, toHex } from '@attestel/core';
import { readBounded } from '@attestel/did/verify';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import {
  decodeStatusProof,
  MAX_STATUS_PROOF_BYTES,
  type StatusProof,
  type Under,
} from '../status/status-proof.ts';
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
export const fetchCertificateProof = async (
  der: Bytes,
  options: ProofSourceOptions,
): Promise<CertificateProof> =>
  decodeCertificateProof(
    await fetchBytes(`/v1/pki/certificates/${toHex(sha256(der))}/proof`, MAX_PROOF_BYTES, options),
  );

/**
 * Asks a node for the whole status set.
 * @param known root of the set that is here already, which then does not travel again
 * @throws AppError pki_node_unreachable, pki_proof_malformed
 */
export async function fetchStatusProof(
  { anchors, batches }: Under,
  known: Bytes | undefined,
  options: ProofSourceOptions,
): Promise<StatusProof> {
  const query = new URLSearchParams({
    ...(known ? { known: toHex(known) } : {}),
    ...(anchors.length > 0 ? { anchors: anchors.map(toHex).join() } : {}),
    ...(batches.length > 0 ? { batches: batches.map(toHex).join() } : {}),
  });
  return decodeStatusProof(await fetchBytes(`/v1/pki/status-set?${query}`, MAX_STATUS_PROOF_BYTES, options));
}

async function fetchBytes(
  path: string,
  limit: number,
  { node, fetch, timeoutMilliseconds = 5000 }: ProofSourceOptions,
): Promise<Bytes> {
  try {
    const response = await fetch(node + path, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (!response.ok) throw new TypeError(`proof: HTTP ${response.status}`);
    return await readBounded(response, limit);
  } catch (cause) {
    throw fail('pki_node_unreachable', { cause });
  }
}
