import { equalBytes, isAppError } from '@attestel/core';
import { createFrontier, ProofError, verifyCheckpoint } from '@attestel/proof';
import { fail } from '../../errors.ts';
import { type HeadRecord, readBlock, readHead } from '../../log/head-record.ts';
import { decodeLeaf } from '../../log/leaf.ts';
import { ed25519Key, signCheckpoint } from '../../log/sign-checkpoint.ts';
import type { Operation } from '../../operation.ts';
import { toConsistent } from '../../operations/decode-operation.ts';
import { operationId } from '../../operations/operation-id.ts';
import { sha256 } from '../../sha256.ts';
import { proofCrypto } from '../../signatures/verify-signature.ts';
import { admitOperation } from '../../state/admit-operation.ts';
import { MAX_BLOCK_OPERATIONS } from '../../state/execute-block.ts';
import { TABLES, u64 } from '../../tables.ts';
import { commitBlock, type Producer, prepareBlock } from './produce-block.ts';

/** Operations of block 1, or `none` for a ledger that begins with whatever comes. */
export type Genesis = readonly Operation[] | 'none';

export interface OpenHeadOptions {
  readonly producer: Producer;
  readonly origin: string;
  readonly genesis: Genesis | undefined;
}

/** Head to go on from: what the store holds, or a new ledger that begins with the genesis. @throws AppError */
export async function openHead({ producer, origin, genesis }: OpenHeadOptions): Promise<HeadRecord> {
  const stored = readHead(producer.store);
  if (stored) {
    assertSameLedger(producer, origin, stored);
    if (genesis && genesis !== 'none') assertSameGenesis(producer, genesis);
    return stored;
  }
  if (genesis === undefined || genesis.length === 0) throw fail('genesis_missing', { field: 'genesis' });
  const empty = await emptyHead(producer, origin);
  return genesis === 'none' ? empty : commitGenesis(producer, empty, genesis);
}

async function emptyHead({ rules, signer }: Producer, origin: string): Promise<HeadRecord> {
  const frontier = createFrontier(sha256);
  const checkpoint = await signCheckpoint(signer, { origin, size: 0, root: frontier.root() });
  return {
    network: rules.network,
    origin,
    height: 0,
    timeMs: 0,
    frontier: frontier.toState(),
    checkpoint,
  };
}

/** The stored checkpoint must be ours and over the stored frontier: else we would sign a second history. */
function assertSameLedger({ rules, signer }: Producer, origin: string, stored: HeadRecord): void {
  if (stored.network !== rules.network) throw fail('store_mismatch', { field: 'network' });
  if (stored.origin !== origin) throw fail('store_mismatch', { field: 'origin' });
  try {
    const trust = { origin, keys: [{ name: origin, publicKey: ed25519Key(signer.publicKey) }] };
    const { size, root } = verifyCheckpoint(stored.checkpoint, trust, proofCrypto);
    const frontier = createFrontier(sha256, stored.frontier);
    if (size !== frontier.size || !equalBytes(root, frontier.root())) throw fail('store_damaged');
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    if (cause.code === 'checkpoint_not_signed')
      throw fail('store_mismatch', { field: 'checkpoint key', cause });
    throw fail('store_damaged', { cause });
  }
}

async function commitGenesis(
  producer: Producer,
  empty: HeadRecord,
  genesis: readonly Operation[],
): Promise<HeadRecord> {
  if (genesis.length > MAX_BLOCK_OPERATIONS) throw fail('genesis_refused', { field: 'length' });
  const operations = genesis.map(toConsistent);
  operations.forEach((operation, i) => {
    naming(i, () => admitOperation(producer.rules, operation, 'submitted'));
  });
  const { execution, block } = await prepareBlock(producer, empty, operations);
  execution.outcomes.forEach((outcome, i) => {
    naming(i, () => {
      if ('error' in outcome) throw outcome.error;
    });
  });
  if (!block) throw fail('genesis_refused');
  await commitBlock(producer, execution, block);
  return block.head;
}

function naming(index: number, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (!isAppError(cause)) throw cause;
    const detail = `${cause.code}: ${cause.message}`;
    throw fail('genesis_refused', {
      field: `genesis/${index}`,
      detail,
      cause,
      extra: { reason: cause.code },
    });
  }
}

/** Same operations in the same order. Signatures may differ: they are no part of an operation's id. */
function assertSameGenesis({ store }: Producer, genesis: readonly Operation[]): void {
  const first = readBlock(store, 1);
  if (first?.size !== genesis.length + 1) throw fail('genesis_mismatch', { field: 'length' });
  genesis.forEach(({ payloadBytes }, i) => {
    const bytes = store.get(TABLES.entries, u64(i));
    if (!bytes) throw fail('store_damaged', { field: `entries/${i}` });
    const leaf = decodeLeaf(bytes);
    if (leaf.kind !== 'op' || !equalBytes(leaf.operation.id, operationId(payloadBytes))) {
      throw fail('genesis_mismatch', { field: `genesis/${i}` });
    }
  });
}
