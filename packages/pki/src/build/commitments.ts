import type { Bytes } from '@attestel/core';
import type { BatchTerms } from '../module/bodies.schema.ts';
import { anchorId, batchId } from '../rules/identifiers.ts';
import { enrolmentNonce, type Possession } from '../rules/possession.ts';
import type { Scope } from '../rules/scope.ts';
import { type LeafContent, leafOf, nameHash, saltOf, tokenKeyCommitment } from '../rules/tokens.ts';
import { sha256 } from '../sha256.ts';

/** Id of an anchor, the same on every node. */
export const anchorIdOf = (certificate: Bytes | null, scope: Scope): Bytes =>
  anchorId(certificate, scope, sha256);

/** Id of a batch authorisation, and the challenge of proofs under it: known before it is on the ledger. */
export const batchIdOf = (
  terms: BatchTerms,
  by: { readonly network: string; readonly vendor: string },
): Bytes => batchId(terms, by, sha256);

/** What a scope says of the 32-byte key under which its owner's device serials and salts are hidden. */
export const commitToTokenKey = (key: Bytes): Bytes => tokenKeyCommitment(key, sha256);

/** Salt of a certificate's leaf, for its holder. */
export const leafSalt = (tokenKey: Bytes, certificateHash: Bytes): Bytes =>
  saltOf(tokenKey, certificateHash, sha256);

/** Opens a leaf: the commitment that a record must have. */
export const leafFor = (salt: Bytes, content: LeafContent): Bytes => leafOf(salt, content, sha256);

export const certificateHash = (der: Bytes): Bytes => sha256(der);

/** Where the ledger finds a certificate by issuer (DER of the name) and serial (magnitude). */
export const nameHashOf = (issuer: Bytes, serial: Bytes): Bytes => nameHash(issuer, serial, sha256);

/** Nonce to answer a CMP request with, so that the device's confirmation is a proof over the challenge. */
export const nonceFor = (claim: Omit<Possession, 'certificate'>): Bytes => enrolmentNonce(claim, sha256);
