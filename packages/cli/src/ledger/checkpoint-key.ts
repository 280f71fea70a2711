import { createHash } from 'node:crypto';
import {
  type Bytes,
  concatBytes,
  equalBytes,
  fromBase64,
  type MultikeyBytes,
  toBase64,
  toHex,
} from '@attestel/core';
import { DEMO_LEDGER, demoOrigin } from '@attestel/server/data-folder';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { ownNetwork } from './own-ledger.ts';

/** Whose signature makes a checkpoint count. Never taken from the log it is to judge. */
export interface CheckpointKey {
  /** Name of the log, which is also the name of the key. */
  readonly origin: string;
  readonly multikey: MultikeyBytes;
}

const ED25519_MULTICODEC = Uint8Array.of(0xed, 0x01);
/** Signature type of Ed25519 in a verifier key (C2SP signed-note, "Verifier keys"). */
const ED25519_TYPE = Uint8Array.of(0x01);
const KEY_BYTES = 32;

/** The key that the operator who orders the demo's ledger keeps in its key store. @throws data_missing */
export async function ownCheckpointKey(dataDir: string): Promise<CheckpointKey> {
  const { keyStore } = await actAs(dataDir, DEMO_LEDGER.sequencer);
  const { publicKey } = await keyStore.signer(DEMO_LEDGER.checkpointKey);
  return { origin: demoOrigin(await ownNetwork(dataDir)), multikey: publicKey };
}

/** `<name>+<key id in hex>+<base64 of type and key>` (C2SP signed-note, "Verifier keys"). */
export function formatVerifierKey({ origin, multikey }: CheckpointKey): string {
  const key = multikey.slice(ED25519_MULTICODEC.length);
  return `${origin}+${toHex(idOf(origin, key))}+${toBase64(concatBytes(ED25519_TYPE, key))}`;
}

/** @throws option_invalid */
export function parseVerifierKey(text: string): CheckpointKey {
  const [, origin = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const bytes = decodeOrEmpty(encoded);
  const key = bytes.slice(ED25519_TYPE.length);
  if (
    !equalBytes(bytes.slice(0, 1), ED25519_TYPE) ||
    key.length !== KEY_BYTES ||
    toHex(idOf(origin, key)) !== id
  )
    throw fail('option_invalid', { field: '--key' });
  return { origin, multikey: concatBytes(ED25519_MULTICODEC, key) };
}

/** First four bytes of SHA-256(name ‖ newline ‖ type ‖ key) (C2SP signed-note, "Signatures"). */
const idOf = (origin: string, key: Bytes): Bytes =>
  createHash('sha256').update(`${origin}\n`).update(ED25519_TYPE).update(key).digest().subarray(0, 4);

function decodeOrEmpty(text: string): Bytes {
  try {
    return fromBase64(text);
  } catch {
    return new Uint8Array();
  }
}
