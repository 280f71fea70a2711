import { type Bytes, compareBytes, type MultikeyBytes, type Random, type Signer } from '@attestel/core';
import {
  type DocumentAttachment,
  documentCommitment,
  encodeAttachment,
  parseAttachment,
} from '../document/attachment.ts';
import { type DocumentContent, sortLedgerKeys, toTemplate } from '../document/document.ts';
import type { ControlState, LedgerKey } from '../genesis/control.schema.ts';
import { commitNextKeys, nextCommitment } from '../genesis/next-commitment.ts';
import { sha256 } from '../sha256.ts';

/** Who may make the next change: pre-rotation (specs/did-mno.md §4.3). */
export interface NextControl {
  /** Keys that will be revealed by the next operation; their private halves are made now. */
  readonly nextKeys: readonly MultikeyBytes[];
  /** The same as commitments, from holders who keep their keys to themselves until then. */
  readonly nextCommitments?: readonly Bytes[];
  /** How many of them the next operation needs. Default: all. */
  readonly nextThreshold?: number;
}

/** Who makes this change. */
export interface ChangeAuthority {
  /** Committed keys at hand; they are revealed by this operation and sign it at once. */
  readonly controlKeys: readonly Signer[];
  /** Committed keys of others, revealed too: the operation counts once all of them {@link cosign} it. */
  readonly cosigners?: readonly MultikeyBytes[];
}

/** What the controller of a DID decides with each creation and update. */
export interface DidContent extends NextControl {
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
      ...prepareNext(content),
      ledgerKeys,
      document: documentCommitment(attachment, sha256),
      recovery: content.recovery ?? null,
    },
    attachment,
    attachmentBytes,
  };
}

/** What a holder tells of a key that will sign the next operation: nothing but its hash. */
export const commitmentOf = (key: MultikeyBytes): Bytes => nextCommitment(key, sha256);

/** Signed fields about the next operation. */
export function prepareNext(control: NextControl): Pick<ControlState, 'next' | 'nextThreshold'> {
  const next = [...commitNextKeys(control.nextKeys, sha256), ...(control.nextCommitments ?? [])];
  return { next: next.sort(compareBytes), nextThreshold: control.nextThreshold ?? next.length };
}

/** Keys that an operation reveals, in the order that signed lists require. */
export const revealedKeys = ({ controlKeys, cosigners = [] }: ChangeAuthority): readonly MultikeyBytes[] =>
  [...controlKeys.map((signer) => signer.publicKey), ...cosigners].sort(compareBytes);
