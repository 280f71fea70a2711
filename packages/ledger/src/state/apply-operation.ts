import { type CborValue, equalBytes, type StoreReader } from '@attestel/core';
import { fail } from '../errors.ts';
import type { ApplyContext, LedgerEvent, StateReader } from '../module.ts';
import { MAX_VALIDITY_SECONDS, type Operation, type OperationPayload } from '../operation.ts';
import type { Overlay } from '../store/overlay.ts';
import { TABLES } from '../tables.ts';
import { moduleOf } from './admit-operation.ts';
import { guard } from './guard.ts';
import { createState, createStateReader } from './module-state.ts';
import { HOST_MODULE, type Rules } from './rules.ts';

/**
 * The first block. Its operations are named by the genesis, so that none of them can come late; and who
 * starts a node a week after the founders signed must get the same block.
 */
const GENESIS_HEIGHT = 1;

/** The block an operation is executed in. */
export interface BlockTime {
  readonly height: number;
  /** Unix seconds. */
  readonly time: number;
}

/**
 * Executes an admitted operation on a view that the caller drops when this throws. Pure: it sees the
 * view, the operation and the block, nothing else.
 * @throws AppError
 */
export function applyOperation(
  rules: Rules,
  view: Overlay,
  operation: Operation,
  block: BlockTime,
): readonly LedgerEvent[] {
  const { payload } = operation;
  const module = moduleOf(rules, operation);
  if (block.height > GENESIS_HEIGHT) assertInTime(payload, block.time);
  const context = contextOf(rules, view, operation, block);
  const { ns, actor } = payload;
  guard(module, () =>
    rules.namespaceRule?.(context.read, { ns, module: module.name, actor, time: block.time }),
  );
  if (module.ordering === 'actor') takeSequence(view, payload, context);
  // After the sequence, so that a repeated operation of an actor is told the expected number.
  if (view.get(TABLES.operations, operation.id)) throw fail('operation_duplicate');
  return guard(module, () =>
    module.apply(createState(view, module.name, module.lookups), operation, context),
  );
}

/** Bounds how long a signed operation that nobody submitted yet stays usable (architecture §3). */
function assertInTime({ notAfter }: OperationPayload, time: number): void {
  const options = { field: '/payload/notAfter', extra: { blockTime: time } };
  if (notAfter < time) throw fail('operation_expired', options);
  if (notAfter > time + MAX_VALIDITY_SECONDS) throw fail('operation_valid_too_long', options);
}

function takeSequence(view: Overlay, payload: OperationPayload, context: ApplyContext): void {
  const { module, actor, sequence } = payload;
  if (!context.signedBy(actor)) throw fail('not_signed_by_actor', { field: '/signatures' });
  const expected = nextSequence(createStateReader(view, HOST_MODULE), module, actor);
  if (sequence !== expected) {
    throw fail('sequence_conflict', { field: '/payload/sequence', extra: { expected } });
  }
  createState(view, HOST_MODULE).put(sequenceKey(module, actor), expected + 1);
}

/** Number that an actor's next operation in a module must carry. */
export function nextSequence(host: StateReader, module: string, actor: string): number {
  const value: CborValue | undefined = host.get(sequenceKey(module, actor));
  return typeof value === 'number' ? value : 0;
}

const sequenceKey = (module: string, actor: string): string => `sequence/${module}/${actor}`;

/** What a module is told beside its own state. */
export function contextOf(
  rules: Rules,
  view: StoreReader,
  operation: Operation,
  block: BlockTime,
): ApplyContext {
  const { network, ns } = operation.payload;
  const read = (module: string): StateReader => createStateReader(view, module);
  const signers = operation.signatures.map(({ key }) => key);
  const keysOf = (did: string) => rules.actorKeys(read, did);
  return {
    network,
    ns,
    height: block.height,
    time: block.time,
    read,
    signers,
    signedBy: (did) => keysOf(did).some((key) => signers.some((signer) => equalBytes(key, signer))),
  };
}
