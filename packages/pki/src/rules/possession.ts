import { type Bytes, concatBytes, encodeCbor, equalBytes, utf8 } from '@attestel/core';
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
export function possessionStatement(claim: Possession): Bytes {
  const { network, challenge, certificate, submitter } = claim;
  if (certificate.length !== HASH_BYTES) return encodeStatement(claim);
  const isLast =
    last && last.network === network && last.submitter === submitter && equalBytes(last.challenge, challenge);
  if (!last || !isLast) {
    last = { network, challenge: challenge.slice(), submitter, bytes: encodeStatement(claim) };
  }
  const statement = last.bytes.slice();
  statement.set(certificate, statement.length - HASH_BYTES);
  return statement;
}

const HASH_BYTES = 32;

/** The statement before: all of a submission differ in nothing but the certificate, whose key comes last in the map. */
let last: (Omit<Possession, 'certificate'> & { readonly bytes: Bytes }) | undefined;

const encodeStatement = ({ network, challenge, certificate, submitter }: Possession): Bytes =>
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
