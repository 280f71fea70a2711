import { type Bytes, compareBytes, type MultikeyBytes, type Random, type Signer } from '@attestel/core';
import {
  type DocumentAttachment,
  documentCommitment,
  encodeAttachment,
  parseAttachment,
} from '../document/attachment.ts';
import { type DocumentContent, sortLedgerKeys, toTemplate } from '../document/document.ts';
import type { ControlState, LedgerKey } from '../genesis/control.schema.ts';
import { commitNextKeys } from '../genesis/next-commitment.ts';
import { sha256 } from '../sha256.ts';

/** What the controller of a DID decides with each creation and update. */
export interface DidContent {
  /** Keys that will be revealed by the next operation; their private halves are made now. */
  readonly nextKeys: readonly MultikeyBytes[];
  /** How many of them the next operation needs. Default: all. */
  readonly nextThreshold?: number;
  /** Keys that act on the ledger in the DID's name, each with the name of its verification method. */
  readonly ledgerKeys: readonly LedgerKey[];
  readonly document: DocumentContent;
  /** Commitment to a recovery policy (specs/did-mno.md §4.6). */
  readonly recovery?: Bytes | null;
  readonly random: Random;
}

export interface PreparedContent {
  readonly control: ControlState;
  readonly attachment: DocumentAttachment;
  readonly attachmentBytes: Bytes;
}

/** Signed fields and attachment of a DID's next state. @throws AppError invalid_document */
export function prepareContent(content: DidContent, network: string): PreparedContent {
  const ledgerKeys = sortLedgerKeys(content.ledgerKeys);
  const template = toTemplate(content.document, ledgerKeys);
  const attachment = { salt: content.random.bytes(32), template };
  const attachmentBytes = encodeAttachment(attachment);
  parseAttachment(attachmentBytes, network); // refuse here what validators would refuse
  return {
    control: {
      next: commitNextKeys(content.nextKeys, sha256),
      nextThreshold: content.nextThreshold ?? content.nextKeys.length,
      ledgerKeys,
      document: documentCommitment(attachment, sha256),
      recovery: content.recovery ?? null,
    },
    attachment,
    attachmentBytes,
  };
}

/** Keys of signers in the order that signed lists require. */
export const controlKeysOf = (signers: readonly Signer[]): readonly MultikeyBytes[] =>
  signers.map((signer) => signer.publicKey).sort(compareBytes);
