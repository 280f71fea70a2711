import {
  type Bytes,
  concatBytes,
  encodeCbor,
  equalBytes,
  fromBase64url,
  type MultikeyBytes,
  multikeyToText,
  sha256,
  utf8,
} from '@attestel/core';
import { nextCommitment, verifyFirstDocument, verifyGenesis } from '@attestel/did/verify';

/** What the node drafted, as it came. */
export interface DidDraft {
  readonly did: string;
  readonly network: string;
  /** Base64url. */
  readonly genesis: string;
  readonly attachment: string;
  readonly notAfter: number;
}

export interface PhoneKeysPublic {
  readonly key: MultikeyBytes;
  readonly control: MultikeyBytes;
  readonly next: MultikeyBytes;
}

/** Commitment to the key that controls the DID after the first change (specs/did-mno.md §4.3). */
export const commitmentTo = (key: MultikeyBytes): Bytes => nextCommitment(key, sha256);

/** Domain tag of operations (specs/ledger.md §2). */
const OPERATION_TAG = utf8('attestel/operation/v1\n');

/**
 * The creation that the phone signs. The node drafts genesis and document, and is believed in nothing: they must say that
 * this phone's keys alone control the DID, now and next, and that its one method is this phone's.
 * @returns payload of the operation, and what is signed
 * @throws AppError as `verifyGenesis`; TypeError for a DID that is not this phone's alone
 */
export function creationOf(draft: DidDraft, keys: PhoneKeysPublic): { payload: Bytes; message: Bytes } {
  const { did, network, notAfter } = draft;
  const [genesisBytes, attachment] = [fromBase64url(draft.genesis), fromBase64url(draft.attachment)];
  const genesis = verifyGenesis(did, genesisBytes, sha256);
  const isOurs =
    genesis.network === network &&
    isOnly(genesis.keys, keys.control) &&
    genesis.threshold === 1 &&
    isOnly(genesis.next, commitmentTo(keys.next)) &&
    genesis.nextThreshold === 1 &&
    genesis.ledgerKeys.length === 0 &&
    genesis.recovery === null;
  if (!isOurs) throw new TypeError('pairing: the DID is not controlled by this phone alone');
  const {
    verificationMethod = [],
    authentication,
    ...rest
  } = verifyFirstDocument(did, genesisBytes, attachment, sha256);
  const [method] = verificationMethod;
  const isMethod =
    verificationMethod.length === 1 &&
    method?.publicKeyMultibase === multikeyToText(keys.key) &&
    authentication?.length === 1 &&
    Object.keys(rest).every((name) => name === 'id' || name === '@context');
  if (!isMethod) throw new TypeError('pairing: the document is not of this phone’s key alone');
  const order = { module: 'did', kind: 'create', actor: did, previous: null };
  const payload = encodeCbor({
    v: 1,
    network,
    ns: 'main',
    ...order,
    notAfter,
    body: { genesis: genesisBytes },
  });
  return { payload, message: concatBytes(OPERATION_TAG, payload) };
}

const isOnly = (list: readonly Bytes[], expected: Bytes): boolean =>
  list.length === 1 && equalBytes(list[0] as Bytes, expected);
