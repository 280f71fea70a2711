import {
  type Bytes,
  type CborValue,
  concatBytes,
  decodeCbor,
  encodeCbor,
  type MultikeyBytes,
  utf8,
} from '@attestel/core';
import { z } from 'zod';
import { fail } from '../errors.ts';
import type { Sha256 } from '../sha256-port.ts';
import { formatDid, isNetwork } from '../syntax/did-syntax.ts';
import {
  bytesOf,
  type ControlState,
  controlKeys,
  controlState,
  fieldOf,
  threshold,
} from './control.schema.ts';
import { assertSeparateKeys } from './next-commitment.ts';

/** Larger genesis bytes are refused before they are decoded. */
export const MAX_GENESIS_BYTES = 4096;

const GENESIS_TAG = utf8('attestel/did-mno/genesis/v1\n');
const SEPARATOR = Uint8Array.of(0);

/** What a DID is the hash of (specs/did-mno.md §4.1). Not signed itself: signatures stay outside the id. */
export interface Genesis extends ControlState {
  readonly v: 1;
  readonly network: string;
  /** 16 random bytes: the same keys give unlinkable DIDs. */
  readonly nonce: Bytes;
  readonly keys: readonly MultikeyBytes[];
  readonly threshold: number;
}

const genesisSchema = z
  .strictObject({
    v: z.literal(1),
    network: z.string().refine(isNetwork),
    nonce: bytesOf(16),
    keys: controlKeys,
    threshold,
    ...controlState,
  })
  .refine((g) => g.threshold <= g.keys.length, { path: ['threshold'] })
  .refine((g) => g.nextThreshold <= g.next.length, { path: ['nextThreshold'] });

export const encodeGenesis = (genesis: Genesis): Bytes => encodeCbor(genesis as unknown as CborValue);

/**
 * Hostile bytes → genesis that obeys every rule one can check without state.
 * @throws AppError invalid_genesis, key_reused
 */
export function parseGenesis(bytes: Bytes, sha256: Sha256): Genesis {
  if (bytes.length > MAX_GENESIS_BYTES) throw fail('invalid_genesis');
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch (cause) {
    throw fail('invalid_genesis', { cause });
  }
  const parsed = genesisSchema.safeParse(value);
  if (!parsed.success) throw fail('invalid_genesis', { field: fieldOf(parsed.error) });
  assertSeparateKeys(parsed.data, sha256);
  return parsed.data;
}

/**
 * SHA-256(tag ‖ network ‖ 00 ‖ genesis bytes) as DID (§4.2). No label contains the byte 00, so the
 * hashed string is read in one way only.
 */
export const didOfGenesis = (network: string, genesisBytes: Bytes, sha256: Sha256): string =>
  formatDid(network, sha256(concatBytes(GENESIS_TAG, utf8(network), SEPARATOR, genesisBytes)));
