import { type Bytes, concatBytes, encodeCbor, utf8 } from '@attestel/core';
import { commitTo, type Sha256 } from './hashes.ts';

const TAG = utf8('attestel/pki/possession/v1\n');

/** Longest age of a challenge when a proof over it is submitted, seconds of block time. */
export const CHALLENGE_SECONDS = 86_400;

export interface Possession {
  readonly network: string;
  /** Id of a challenge, or of the batch authorisation that covers the certificate. */
  readonly challenge: Bytes;
  /** SHA-256 of the certificate's DER. */
  readonly certificate: Bytes;
  /** DID of the member that submits. */
  readonly submitter: string;
}

/** What the certificate's key signs, so that the proof is good for one certificate, one submitter, one challenge. */
export const possessionStatement = ({ network, challenge, certificate, submitter }: Possession): Bytes =>
  concatBytes(TAG, encodeCbor({ network, challenge, certificate, submitter }));

const ENROLMENT_TAG = 'attestel/pki/enrolment/v1\n';

/**
 * Nonce that a member answers a device's CMP request with: the device signs it in its confirmation, so the messages
 * are a proof over this challenge for this submitter. 32 octets.
 */
export const enrolmentNonce = (
  { network, challenge, submitter }: Omit<Possession, 'certificate'>,
  sha256: Sha256,
): Bytes => commitTo(sha256, ENROLMENT_TAG, { network, challenge, submitter });
