import { type AppError, type Bytes, isAppError, toHex } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import {
  type CertificateProof,
  type ProvenCheck,
  verifyCertificateProof,
} from '../proof/certificate-proof.ts';
import { fetchCertificateProof, type ProofSourceOptions } from '../proof/fetch-proof.ts';
import { sha256 } from '../sha256.ts';
import type { CertificateRecord } from '../state/records.ts';
import type { Verdict } from '../types.ts';
import { createNodeTurns } from './node-turns.ts';
import { createStatusKeeper } from './status-keeper.ts';
import type { CertificateCheck, TunnelVerdict } from './tunnel-judge.ts';

export interface ProvenCheckOptions extends Omit<ProofSourceOptions, 'node'> {
  /** Base URLs of nodes, asked in turn until one answers with a proof that holds. */
  readonly nodes: readonly string[];
  /** Its `maxAgeSeconds` bounds how long a gateway goes on by what it last heard. */
  readonly trust: LedgerTrust;
}

/** A status set this young is not asked again: whoever heard of a change asks about the certificate itself. */
const LOCAL_SECONDS = 15;
/** Certificates whose last proof is kept. */
const MAX_KEPT = 20_000;

interface Kept {
  readonly proof: CertificateProof;
  /** Of its checkpoint, unix seconds. */
  readonly time: number;
  /** What no later block changes: index, anchor, batch, validity. */
  readonly record: CertificateRecord | null;
}

/**
 * A check for a gateway's agent that believes no node: every verdict comes of proofs. A certificate that was proven once is
 * judged by the whole status set, which is kept here; so all tunnels together take one question, and while no node can be
 * reached the set answers until it is too old. Then nothing does. A node that shows an older checkpoint than was seen is
 * passed over: it would hide what happened since.
 */
export function createProvenCheck(options: ProvenCheckOptions): Required<CertificateCheck> {
  const { trust } = options;
  const turns = createNodeTurns(options.nodes, trust.now);
  const status = createStatusKeeper({ ...options, turns });
  const kept = new Map<string, Kept>();
  const keep = (name: string, entry: Kept): void => {
    kept.delete(name);
    kept.set(name, entry);
    if (entry.record) status.watch(entry.record);
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
  };
  /** By a proof of the certificate itself, which must not be older than what is known. */
  const ask = async (certificate: Bytes, last: Kept | undefined): Promise<TunnelVerdict | AppError> => {
    const least = Math.max(last?.time ?? 0, status.time() ?? 0);
    const answer = await turns.ask(
      async (node) => {
        const proof = await fetchCertificateProof(certificate, { ...options, node });
        return { proof, ...(await verifyCertificateProof(certificate, proof, trust)) };
      },
      ({ checkpointTime }) => checkpointTime >= least,
    );
    if (isAppError(answer)) return answer;
    keep(toHex(sha256(certificate)), keptOf(answer));
    return tunnelVerdict(answer.verdict);
  };
  /** By the newest of what is here. @throws AppError checkpoint_stale and others of kind proof-failed */
  const recall = async (certificate: Bytes, last: Kept): Promise<TunnelVerdict | undefined> => {
    const time = status.time();
    const isNewer = time !== undefined && time > last.time && trust.now() - time <= trust.maxAgeSeconds;
    const newer = isNewer && last.record ? status.verdictOf(sha256(certificate), last.record) : undefined;
    if (newer) return tunnelVerdict(newer);
    const before = tunnelVerdict((await verifyCertificateProof(certificate, last.proof, trust)).verdict);
    // Marked since: that it was good before does not count any more.
    return before.ok && isNewer && last.record && status.isMarked(last.record) ? undefined : before;
  };
  /** By the set alone, where it is young enough. */
  const local = (certificate: Bytes, last: Kept | undefined): TunnelVerdict | undefined => {
    const age = trust.now() - (status.time() ?? Number.NEGATIVE_INFINITY);
    if (!last?.record || age > LOCAL_SECONDS) return undefined;
    const verdict = status.verdictOf(sha256(certificate), last.record);
    return verdict && tunnelVerdict(verdict);
  };
  return {
    async check(certificate, { isUrgent = false } = {}) {
      const last = kept.get(toHex(sha256(certificate)));
      const known = isUrgent ? undefined : local(certificate, last);
      if (known) return known;
      const answer = await ask(certificate, last);
      if (!isAppError(answer)) return answer;
      const { code } = answer;
      try {
        return (last && (await recall(certificate, last))) ?? { ok: false, code };
      } catch (error) {
        if (!isAppError(error)) throw error;
        return { ok: false, code: error.code };
      }
    },
    async refresh() {
      await status.refresh();
    },
  };
}

const keptOf = ({
  proof,
  checkpointTime,
  record,
}: ProvenCheck & { readonly proof: CertificateProof }): Kept => ({
  ...{ proof, record },
  time: checkpointTime,
});

const tunnelVerdict = (verdict: Verdict): TunnelVerdict =>
  verdict === 'good' ? { ok: true } : { ok: false, code: `certificate_${verdict}` };
