import { type AppError, type Bytes, type CborValue, isAppError } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import { checkCertificate } from '../check-certificate.ts';
import { fetchStatusProof, type ProofSourceOptions } from '../proof/fetch-proof.ts';
import { anchors, batches, type CertificateRecord, certificates, type PkiState } from '../state/records.ts';
import { MAX_UNDER, type ProvenStatus, type Under, verifyStatusProof } from '../status/status-proof.ts';
import type { Verdict } from '../types.ts';
import type { NodeTurns } from './node-turns.ts';

export interface StatusKeeper {
  /** Fetches what is new. Keeps what it has where no node has anything newer. */
  refresh(): Promise<AppError | undefined>;
  /** Anchors and batches of this certificate are asked about from the next refresh on. */
  watch(record: CertificateRecord): void;
  /** Of the checkpoint that it is proven by, unix seconds; undefined while nothing is. */
  time(): number | undefined;
  /** Whether the set says that this one's status is another than good, or has been set to end. */
  isMarked(record: CertificateRecord): boolean;
  /**
   * By the set, as of its checkpoint, of a certificate whose record was proven at any time; undefined where the set does
   * not decide: the certificate is marked, or its anchor or batch was not asked about yet.
   */
  verdictOf(hash: Bytes, record: CertificateRecord): Verdict | undefined;
}

export interface StatusKeeperOptions extends Omit<ProofSourceOptions, 'node'> {
  readonly turns: NodeTurns;
  readonly trust: LedgerTrust;
}

interface Held extends Omit<ProvenStatus, 'state'> {
  /** Anchors and batches as proven then, by state key. */
  readonly under: ReadonlyMap<string, ReturnType<PkiState['get']>>;
}

/** Holds the whole status set, so that certificates once proven can be judged without asking about each, or anybody. */
export function createStatusKeeper(options: StatusKeeperOptions): StatusKeeper {
  const { turns, trust } = options;
  /** Anchors and batches, by state key. Those beyond what a node answers at once are judged by proofs of each certificate. */
  const watched = new Map<string, { readonly kind: keyof Under; readonly id: Bytes }>();
  let held: Held | undefined;
  const watch = (key: string, kind: keyof Under, id: Bytes): void => {
    if (watched.size < MAX_UNDER) watched.set(key, { kind, id });
  };
  const ask = async (node: string): Promise<Held> => {
    const of = (kind: keyof Under) =>
      [...watched.values()].flatMap((one) => (one.kind === kind ? [one.id] : []));
    const keys = [...watched.keys()];
    const proof = await fetchStatusProof({ anchors: of('anchors'), batches: of('batches') }, held?.root, {
      ...options,
      node,
    });
    const { root, bits, time, state } = await verifyStatusProof(proof, trust, held);
    return { root, bits, time, under: new Map(keys.map((key) => [key, state.get(key)])) };
  };
  return {
    async refresh() {
      // An older one would hide what happened since.
      const answer = await turns.ask(ask, ({ time }) => time >= (held?.time ?? 0));
      if (isAppError(answer)) return answer;
      held = answer;
      return undefined;
    },
    watch({ anchor, batch }) {
      watch(anchors.key(anchor), 'anchors', anchor);
      if (batch) watch(batches.key(batch), 'batches', batch);
    },
    time: () => held?.time,
    isMarked: ({ index }) => held?.bits.isNotGood(index) ?? false,
    verdictOf(hash, record) {
      if (!held || held.bits.isNotGood(record.index)) return undefined;
      const { under, time } = held;
      const above = [anchors.key(record.anchor), ...(record.batch ? [batches.key(record.batch)] : [])];
      if (!above.every((key) => under.has(key))) return undefined;
      const good = { ...record, status: 'good', since: record.published, until: null, changes: 0 };
      const state: PkiState = {
        get: (key) => (key === certificates.key(hash) ? (good as unknown as CborValue) : under.get(key)),
      };
      return checkCertificate(state, hash, Math.max(trust.now(), time)).verdict;
    },
  };
}
