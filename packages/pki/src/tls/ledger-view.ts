import { type AppError, type Bytes, isAppError, toHex } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import { createNodeTurns } from '../agent/node-turns.ts';
import { type ProvenTrust, verifyBundleProof } from '../bundle/bundle-proof.ts';
import { fetchBundleProof } from '../bundle/fetch-bundle.ts';
import type { BundleName, TrustBundle } from '../bundle/trust-bundle.ts';
import {
  type CertificateProof,
  type ProvenCheck,
  verifyCertificateProof,
} from '../proof/certificate-proof.ts';
import { fetchCertificateProof, type ProofSourceOptions } from '../proof/fetch-proof.ts';
import type { CertificateRole } from '../rules/roles.ts';
import { sha256 } from '../sha256.ts';
import { refuse } from './errors.ts';

export interface LedgerViewOptions extends Omit<ProofSourceOptions, 'node'> {
  /** Whose trust this is. */
  readonly name: BundleName;
  /** What its peers may be. Default: of a slice, network functions; of vendors, what the bundle is for. */
  readonly roles?: readonly CertificateRole[];
  /** Base URLs of nodes, asked in turn. */
  readonly nodes: readonly string[];
  /** Its `maxAgeSeconds` bounds how long one goes on by what was last heard. */
  readonly trust: LedgerTrust;
}

/** What a TLS peer knows of the ledger; it believes no node, and nothing that is too old. */
export interface LedgerView {
  readonly name: BundleName;
  readonly roles: readonly CertificateRole[];
  /** Asks for the newest bundle. Where no node answers, the one that is here stays until it is too old. */
  refresh(): Promise<void>;
  /** Who is trusted now. @throws AppError tls_trust_unknown, tls_trust_stale */
  bundle(): TrustBundle;
  /**
   * What the ledger says of this very certificate, now or as last heard.
   * @throws AppError pki_node_unreachable, checkpoint_stale and others of kind proof-failed
   */
  standing(certificate: Bytes): Promise<ProvenCheck>;
}

/** Certificates whose last proof is kept. */
const MAX_KEPT = 10_000;

export function createLedgerView({ name, trust, ...source }: LedgerViewOptions): LedgerView {
  const { roles = [name.kind === 'vendors' ? name.role : 'network-function'] } = source;
  const turns = createNodeTurns(source.nodes, trust.now);
  const kept = new Map<string, CertificateProof>();
  let proven: ProvenTrust | undefined;
  /** A node that shows what was before this would hide what happened since. */
  let newest = 0;
  const accept = ({ checkpointTime }: { readonly checkpointTime: number }): boolean => {
    if (checkpointTime < newest) return false;
    newest = checkpointTime;
    return true;
  };
  const keep = (certificate: string, proof: CertificateProof): void => {
    kept.delete(certificate);
    kept.set(certificate, proof);
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
  };
  return {
    ...{ name, roles },
    async refresh() {
      const answer: ProvenTrust | AppError = await turns.ask(async (node) => {
        const proof = await fetchBundleProof(name, { ...source, node });
        return verifyBundleProof(name, proof, trust);
      }, accept);
      if (!isAppError(answer)) proven = answer;
    },
    bundle() {
      if (!proven) throw refuse('tls_trust_unknown', undefined);
      const now = trust.now();
      const bundle = proven.at(now);
      if (now - proven.checkpointTime > trust.maxAgeSeconds) throw refuse('tls_trust_stale', bundle.version);
      return bundle;
    },
    async standing(certificate) {
      const hash = toHex(sha256(certificate));
      const answer = await turns.ask(async (node) => {
        const proof = await fetchCertificateProof(certificate, { ...source, node });
        return { proof, ...(await verifyCertificateProof(certificate, proof, trust)) };
      }, accept);
      if (!isAppError(answer)) {
        keep(hash, answer.proof);
        return answer;
      }
      const last = kept.get(hash);
      if (!last) throw answer;
      return verifyCertificateProof(certificate, last, trust);
    },
  };
}
