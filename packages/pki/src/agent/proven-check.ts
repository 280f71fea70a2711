import { type AppError, type Bytes, isAppError, toHex } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import { fail } from '../errors.ts';
import { type CertificateProof, verifyCertificateProof } from '../proof/certificate-proof.ts';
import { fetchCertificateProof, type ProofSourceOptions } from '../proof/fetch-proof.ts';
import { sha256 } from '../sha256.ts';
import type { TunnelVerdict } from './gateway-agent.ts';

export interface ProvenCheckOptions extends Omit<ProofSourceOptions, 'node'> {
  /** Base URLs of nodes, asked in turn until one answers with a proof that holds. */
  readonly nodes: readonly string[];
  /** Its `maxAgeSeconds` bounds how long a gateway goes on by what it last heard. */
  readonly trust: LedgerTrust;
}

interface Judged extends Kept {
  readonly verdict: TunnelVerdict;
}

/** A node that did not answer is not waited for again, tunnel by tunnel: others would be looked at too late. */
const REST_SECONDS = 5;
/** Certificates whose last proof is kept. */
const MAX_KEPT = 10_000;

interface Kept {
  readonly proof: CertificateProof;
  /** Of its checkpoint, unix seconds. */
  readonly time: number;
}

/**
 * A check for a gateway's agent that believes no node: every verdict comes of a proof. While no node can be reached,
 * the last proof of a certificate counts until it is too old; then nothing does. A node that shows an older checkpoint than
 * was seen is passed over: it would hide what happened since.
 */
export function createProvenCheck(
  options: ProvenCheckOptions,
): (certificate: Bytes) => Promise<TunnelVerdict> {
  const kept = new Map<string, Kept>();
  const restingUntil = new Map<string, number>();
  const keep = (name: string, { proof, time }: Kept): void => {
    kept.delete(name);
    kept.set(name, { proof, time });
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
  };
  const judge = async (certificate: Bytes, proof: CertificateProof): Promise<Judged> => {
    const { verdict, checkpointTime } = await verifyCertificateProof(certificate, proof, options.trust);
    const code = `certificate_${verdict}`;
    return { proof, time: checkpointTime, verdict: verdict === 'good' ? { ok: true } : { ok: false, code } };
  };
  const awake = (): readonly string[] =>
    options.nodes.filter((node) => (restingUntil.get(node) ?? 0) <= options.trust.now());
  const rest = (node: string): void => void restingUntil.set(node, options.trust.now() + REST_SECONDS);
  const askedOf = async (node: string, certificate: Bytes): Promise<Judged | AppError> => {
    try {
      return await judge(certificate, await fetchCertificateProof(certificate, { ...options, node }));
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (error.code === 'pki_node_unreachable') rest(node);
      return error;
    }
  };
  /** By the first node whose proof holds and is not older than what was seen. */
  const asked = async (certificate: Bytes, last: Kept | undefined): Promise<Judged | AppError> => {
    let failure: AppError = fail('pki_node_unreachable');
    for (const node of awake()) {
      const answer = await askedOf(node, certificate);
      if (isAppError(answer)) failure = answer;
      else if (!last || answer.time >= last.time) return answer;
    }
    return failure;
  };
  return async (certificate) => {
    const name = toHex(sha256(certificate));
    const last = kept.get(name);
    const answer = await asked(certificate, last);
    if (!isAppError(answer)) {
      keep(name, answer);
      return answer.verdict;
    }
    try {
      return last ? (await judge(certificate, last.proof)).verdict : { ok: false, code: answer.code };
    } catch (error) {
      if (!isAppError(error)) throw error;
      return { ok: false, code: error.code };
    }
  };
}
