import { type Bytes, type CborValue, concatBytes, utf8 } from '@attestel/core';
import { commitTo, type Sha256 } from './hashes.ts';
import { type Scope, scopeHash } from './scope.ts';

/** An anchor is named by its certificate; a vendor without a CA by its scope, which names owner and token key. */
export const anchorId = (certificate: Bytes | null, scope: Scope, sha256: Sha256): Bytes =>
  certificate
    ? sha256(certificate)
    : sha256(concatBytes(utf8('attestel/pki/range/v1\n'), scopeHash(scope, sha256)));

/** A batch authorisation is named by its terms, its vendor and the network. */
export const batchId = (
  terms: { readonly [field: string]: unknown },
  { network, vendor }: { readonly network: string; readonly vendor: string },
  sha256: Sha256,
): Bytes => commitTo(sha256, 'attestel/pki/batch/v1\n', { ...terms, network, vendor } as CborValue);
