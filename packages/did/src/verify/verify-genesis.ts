import type { Bytes } from '@attestel/core';
import { checkAttachment } from '../document/attachment.ts';
import { toDocument } from '../document/document.ts';
import { fail } from '../errors.ts';
import { didOfGenesis, type Genesis, parseGenesis } from '../genesis/genesis.ts';
import type { Sha256 } from '../sha256-port.ts';
import { parseDid } from '../syntax/did-syntax.ts';
import type { DidDocument } from '../types.ts';

/**
 * That a DID stands for these genesis bytes, with nothing but a hash (specs/did-mno.md §7.3).
 * @throws AppError invalid_did, genesis_mismatch, wrong_network, invalid_genesis, key_reused
 */
export function verifyGenesis(did: string, genesisBytes: Bytes, sha256: Sha256): Genesis {
  const { network } = parseDid(did);
  if (didOfGenesis(network, genesisBytes, sha256) !== did) throw fail('genesis_mismatch');
  const genesis = parseGenesis(genesisBytes, sha256);
  if (genesis.network !== network) throw fail('wrong_network', { field: '/network' });
  return genesis;
}

/**
 * The first document of a DID from its genesis and attachment: what version 1 must be, and all there
 * is to a DID that was never put on a ledger.
 * @throws AppError as {@link verifyGenesis}, and document_mismatch, invalid_document
 */
export function verifyFirstDocument(
  did: string,
  genesisBytes: Bytes,
  attachment: Bytes,
  sha256: Sha256,
): DidDocument {
  const genesis = verifyGenesis(did, genesisBytes, sha256);
  return toDocument(checkAttachment(attachment, genesis, sha256).template, did);
}
