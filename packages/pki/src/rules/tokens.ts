import { type Bytes, type CborValue, concatBytes, encodeCbor, utf8 } from '@attestel/core';
import { commitTo, hmac, type Sha256 } from './hashes.ts';

const DEVICE_TAG = utf8('attestel/pki/device/v1\n');
const SALT_TAG = utf8('attestel/pki/salt/v1\n');
const LEAF_TAG = 'attestel/pki/leaf/v1\n';
const TOKEN_KEY_TAG = 'attestel/pki/token-key/v1\n';

export const TOKEN_KEY_BYTES = 32;

/** What an anchor's scope says of its token key; the key itself is seen by validators only. */
export const tokenKeyCommitment = (key: Bytes, sha256: Sha256): Bytes => commitTo(sha256, TOKEN_KEY_TAG, key);

/** Keeps a device unique without telling readers its serial, which would be easy to guess. */
export const deviceToken = (key: Bytes, serial: string, sha256: Sha256): Bytes =>
  hmac(sha256, key, concatBytes(DEVICE_TAG, utf8(serial)));

/** Salt of a certificate's leaf: its holder is told, readers are not. */
export const saltOf = (key: Bytes, certHash: Bytes, sha256: Sha256): Bytes =>
  hmac(sha256, key, concatBytes(SALT_TAG, certHash));

export interface LeafContent {
  readonly certHash: Bytes;
  readonly role: string;
  readonly plmns: readonly string[];
  readonly slices: readonly string[];
  readonly dnsNames: readonly string[];
  readonly nfTypes: readonly string[];
  readonly deviceSerial: string | null;
}

/** Commitment to what a certificate was published for, opened by whoever has salt and certificate. */
export const leafOf = (salt: Bytes, content: LeafContent, sha256: Sha256): Bytes =>
  commitTo(sha256, LEAF_TAG, { ...content, salt } as unknown as CborValue);

/** One name for (issuer, serial): the key of lookups by OCSP and CRL. `serial`: unsigned, without leading zeros. */
export const nameHash = (issuer: Bytes, serial: Bytes, sha256: Sha256): Bytes =>
  sha256(encodeCbor([issuer, serial]));
