import { type Bytes, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { HASH_BYTES } from '@attestel/proof';
import { invalidOperation } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { operationOf } from '../operations/decode-operation.ts';
import { isList, parseSignatures } from '../operations/signatures.ts';

/** Closes each block in the log. */
export interface BlockLeaf {
  /** 1 for the first block. */
  readonly height: number;
  /** Block time, unix milliseconds, strictly increasing. */
  readonly timeMs: number;
  /** Log size before the block. */
  readonly size: number;
  /** Version of the state machine that executed it. */
  readonly sm: number;
  /** Root of the state trie after the block. */
  readonly state: Bytes;
}

export type Leaf =
  | { readonly kind: 'op'; readonly operation: Operation }
  | { readonly kind: 'block'; readonly block: BlockLeaf };

/** Leaf of an accepted operation. The attachment stays outside, so that it can be erased. */
export const operationLeaf = ({ payloadBytes, signatures }: Operation): Bytes =>
  encodeCbor(['op', payloadBytes, signatures.map(({ key, signature }) => [key, signature])]);

export const blockLeaf = ({ height, timeMs, size, sm, state }: BlockLeaf): Bytes =>
  encodeCbor(['block', { height, timeMs, size, sm, state }]);

/** Parses hostile bytes. @throws AppError operation_invalid, signature_missing */
export function decodeLeaf(bytes: Bytes): Leaf {
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch {
    throw invalidOperation('', 'must be deterministic CBOR');
  }
  if (!isList(value)) throw invalidOperation('', 'must be a list');
  const [tag, second, third] = value;
  if (tag === 'op' && value.length === 3 && second instanceof Uint8Array) {
    return { kind: 'op', operation: operationOf(second, parseSignatures(third), null) };
  }
  if (tag === 'block' && value.length === 2) return { kind: 'block', block: parseBlock(second) };
  throw invalidOperation('', 'must be an operation or a block');
}

function parseBlock(value: CborValue | undefined): BlockLeaf {
  const { height, timeMs, size, sm, state, ...rest } = (value ?? {}) as { [field: string]: CborValue };
  const numbers = [height, timeMs, size, sm];
  if (Object.keys(rest).length > 0 || numbers.some((n) => typeof n !== 'number' || n < 0)) {
    throw invalidOperation('/block', 'must hold exactly height, timeMs, size, sm and state');
  }
  if (!(state instanceof Uint8Array) || state.length !== HASH_BYTES) {
    throw invalidOperation('/block/state', `must be ${HASH_BYTES} bytes`);
  }
  return { height, timeMs, size, sm, state } as BlockLeaf;
}
