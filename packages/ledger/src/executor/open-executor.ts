import { equalBytes, type Signer, type Store } from '@attestel/core';
import { formatNote, ProofError, parseCheckpoint, verifyCheckpoint } from '@attestel/proof';
import { fail } from '../errors.ts';
import { toHead } from '../log/head.ts';
import { type HeadRecord, readHead } from '../log/head-record.ts';
import { ed25519Key, signAsLog, type WitnessKey, witnessVerifierKey } from '../log/sign-checkpoint.ts';
import type { BatchVerifier } from '../signatures/batch-verifier.ts';
import { createSignatureVerifier, proofCrypto } from '../signatures/verify-signature.ts';
import { createRuleBook, type RuleBook, type RulesOptions } from '../state/rules.ts';
import { createPairHasher, type PairHasher } from '../trie/pair-hasher.ts';
import { StateTrie } from '../trie/state-trie.ts';
import type { CommitMeter } from './commit-meter.ts';
import { LedgerExecutor } from './ledger-executor.ts';
import { emptyRecord } from './prepare-candidate.ts';

export interface OpenExecutorOptions extends RulesOptions {
  /** Unique name of the ledger, first line of its checkpoints. */
  readonly origin: string;
  /** Owned by the caller. */
  readonly store: Store;
  /** Ed25519 key of the log itself: only where this node alone orders operations. */
  readonly signer?: Signer | undefined;
  /** This node's key for cosignatures. */
  readonly witness?: WitnessKey | undefined;
  /** Checks signatures on other threads; owned by the caller. Without one, they are checked where they are executed. */
  readonly batchVerifier?: BatchVerifier | undefined;
  /** Told of each commit, for metrics. */
  readonly meter?: CommitMeter | undefined;
  /** Default: the fastest there is. Makes no difference to any root. */
  readonly hasher?: PairHasher | undefined;
}

export interface OpenedExecutor {
  readonly book: RuleBook;
  readonly executor: LedgerExecutor;
}

/**
 * The state machine over a store, empty or not, without genesis: its driver brings that.
 * @throws AppError store_mismatch, store_damaged; TypeError for keys that cannot sign checkpoints
 */
export async function openExecutor(options: OpenExecutorOptions): Promise<OpenedExecutor> {
  const { origin, network, store, signer, witness, batchVerifier, meter } = options;
  if (witness) witnessVerifierKey(witness);
  const book = createRuleBook(options, createSignatureVerifier());
  const trie = new StateTrie(store, options.hasher ?? createPairHasher());
  const stored = readHead(store);
  if (stored) assertSameLedger(stored, options, trie);
  const record = stored ?? (await emptyHead(emptyRecord(network, origin), signer));
  const parts = { book, store, trie, logSigner: signer, witness, batchVerifier, meter };
  return { book, executor: new LedgerExecutor(parts, record) };
}

async function emptyHead(record: HeadRecord, signer: Signer | undefined): Promise<HeadRecord> {
  if (!signer) return record;
  const { body } = toHead(record);
  return { ...record, checkpoint: formatNote(body, [await signAsLog(signer, record.origin, body)]) };
}

/** The stored checkpoint must be over the stored roots, and ours: else we would sign a second history. */
function assertSameLedger(stored: HeadRecord, options: OpenExecutorOptions, trie: StateTrie): void {
  if (stored.network !== options.network) throw fail('store_mismatch', { field: 'network' });
  if (stored.origin !== options.origin) throw fail('store_mismatch', { field: 'origin' });
  if (!equalBytes(trie.root, stored.state)) throw fail('store_damaged', { field: 'trie' });
  try {
    const { body } = toHead(stored);
    if (stored.checkpoint !== '' && parseCheckpoint(stored.checkpoint).body !== body) {
      throw fail('store_damaged', { field: 'checkpoint' });
    }
    if (options.signer) assertSigned(stored, options.signer);
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw fail('store_damaged', { cause });
  }
}

/** @throws AppError store_mismatch when another key signed; ProofError */
function assertSigned({ origin, checkpoint }: HeadRecord, signer: Signer): void {
  const keys = [{ name: origin, publicKey: ed25519Key(signer.publicKey) }];
  try {
    verifyCheckpoint(checkpoint, { origin, keys }, proofCrypto);
  } catch (cause) {
    if (!(cause instanceof ProofError) || cause.code !== 'checkpoint_not_signed') throw cause;
    throw fail('store_mismatch', { field: 'checkpoint key', cause });
  }
}
