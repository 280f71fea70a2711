import { type Bytes, type Signer, utf8 } from '@attestel/core';
import { formatCheckpointBody, formatNote, noteKeyId } from '@attestel/proof';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { verifySignature } from '../signatures/verify-signature.ts';

const ED25519_PREFIX_BYTES = 2;

/** The 32 bytes of an Ed25519 multikey. @throws TypeError for another kind of key */
export function ed25519Key(publicKey: Bytes): Bytes {
  if (publicKey.length !== 34 || publicKey[0] !== 0xed || publicKey[1] !== 0x01) {
    throw new TypeError('ledger: checkpoints are signed with Ed25519');
  }
  return publicKey.slice(ED25519_PREFIX_BYTES);
}

/** Signs the head of a log under the key name that equals its origin (C2SP tlog-checkpoint). */
export async function signCheckpoint(
  signer: Signer,
  { origin, size, root }: { readonly origin: string; readonly size: number; readonly root: Bytes },
): Promise<string> {
  const body = formatCheckpointBody({ origin, size, root });
  const keyId = noteKeyId(sha256, origin, ed25519Key(signer.publicKey));
  const message = utf8(body);
  const signature = await signer.sign(message).catch((cause: unknown) => {
    throw fail('checkpoint_not_signed', { cause });
  });
  // A key store that answers with a wrong signature must not put a block into the log.
  if (!verifySignature(signer.publicKey, message, signature)) throw fail('checkpoint_not_signed');
  return formatNote(body, [{ name: origin, keyId, signature }]);
}
