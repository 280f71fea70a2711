import type { Bytes, MultikeyBytes, Signer } from '@attestel/core';
import { buildOperation, type Operation } from '@attestel/ledger';
import { checkAttachment } from '../document/attachment.ts';
import { toDocument } from '../document/document.ts';
import { didOfGenesis, encodeGenesis, type Genesis, parseGenesis } from '../genesis/genesis.ts';
import { sha256 } from '../sha256.ts';
import type { DidDocument } from '../types.ts';
import { type DidContent, prepareContent, revealedKeys } from './did-content.ts';

export interface CreateDidRequest extends DidContent {
  readonly network: string;
  /** Key, or keys, that sign the creation. */
  readonly controlKey: Signer | readonly Signer[];
  /** Control keys of others: they {@link cosign} the operation, or the threshold does without them. */
  readonly cosigners?: readonly MultikeyBytes[];
  /** How many of the control keys sign. Default: all. */
  readonly threshold?: number;
}

export interface CreatedDid {
  readonly did: string;
  readonly document: DidDocument;
  /** The bytes the DID is the hash of. */
  readonly genesis: Bytes;
  /** CBOR `{salt, document}`: opens the commitment in the genesis. */
  readonly attachment: Bytes;
  /** Signs the operation that puts the DID on the ledger. Nothing is published before. */
  toOperation(notAfter: number): Promise<Operation>;
}

/**
 * Makes a DID offline (specs/did-mno.md §6.2 Create): it exists, and can be proved, without a ledger.
 * @throws AppError when the content breaks a rule that validators would enforce
 */
export function createDid(request: CreateDidRequest): CreatedDid {
  const signers = [request.controlKey].flat();
  const keys = revealedKeys({ controlKeys: signers, cosigners: request.cosigners ?? [] });
  const { control, attachment, attachmentBytes } = prepareContent(request, request.network);
  const genesis: Genesis = {
    v: 1,
    network: request.network,
    nonce: request.random.bytes(16),
    keys,
    threshold: request.threshold ?? keys.length,
    ...control,
  };
  const bytes = encodeGenesis(genesis);
  checkAttachment(attachmentBytes, parseGenesis(bytes, sha256), sha256);
  const did = didOfGenesis(request.network, bytes, sha256);
  return {
    did,
    document: toDocument(attachment.template, did),
    genesis: bytes,
    attachment: attachmentBytes,
    toOperation: (notAfter) =>
      buildOperation(
        {
          v: 1,
          network: request.network,
          ns: 'main',
          module: 'did',
          kind: 'create',
          actor: did,
          previous: null,
          notAfter,
          body: { genesis: bytes },
        },
        signers,
        attachmentBytes,
      ),
  };
}
