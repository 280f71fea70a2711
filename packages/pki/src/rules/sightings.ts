import { type Bytes, concatBytes, encodeCbor, utf8 } from '@attestel/core';
import { hmac, type Sha256 } from './hashes.ts';

const SECRET_TAG = utf8('attestel/pki/sighting-secret/v1\n');
const TOKEN_TAG = utf8('attestel/pki/sighting/v1\n');
/** How long one token stands for a certificate: whoever is in two of them in a row was there all the time between. */
export const SIGHTING_SECONDS = 300;

export const epochOf = (time: number): number => Math.floor(time / SIGHTING_SECONDS);

/** Known to whoever was shown the certificate; its hash, which stands in the log, does not lead to it. */
export const sightingSecret = (der: Bytes, sha256: Sha256): Bytes => sha256(concatBytes(SECRET_TAG, der));

/** What two gateways say of one certificate within an epoch is equal; nobody else can tell of which, or link two epochs. */
export const sightingToken = (secret: Bytes, epoch: number, sha256: Sha256): Bytes =>
  hmac(sha256, secret, concatBytes(TOKEN_TAG, encodeCbor(epoch)));
