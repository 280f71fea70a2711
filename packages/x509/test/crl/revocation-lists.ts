import { sign } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import { der, writeExtension, writeSignatureAlgorithm } from '@attestel/x509';
import { AT, type Authority, DAY } from '../chains.ts';

export interface ListChange {
  readonly number?: number;
  readonly nextUpdate?: number | null;
  readonly serials?: readonly number[];
  readonly reason?: number;
  readonly entryExtensions?: readonly Bytes[];
  readonly extensions?: readonly Bytes[];
}

/** A revocation list of an authority with an EC key, with whatever the test asks for. */
export function listOf(by: Authority, change: ListChange = {}): Bytes {
  const { number = 5, nextUpdate = AT + DAY, serials = [], reason, extensions = [] } = change;
  const algorithm = writeSignatureAlgorithm('ecdsa-sha256');
  const ofEntry = [
    ...(reason === undefined ? [] : [writeExtension('2.5.29.21', false, der.enumerated(reason))]),
    ...(change.entryExtensions ?? []),
  ];
  const entries = serials.map((serial) =>
    der.sequence(
      der.integer(serial),
      der.time(AT - DAY),
      ...(ofEntry.length > 0 ? [der.sequence(...ofEntry)] : []),
    ),
  );
  const tbs = der.sequence(
    der.integer(1),
    algorithm,
    by.subject,
    der.time(AT - DAY),
    ...(nextUpdate === null ? [] : [der.time(nextUpdate)]),
    ...(entries.length > 0 ? [der.sequence(...entries)] : []),
    der.explicit(0, der.sequence(writeExtension('2.5.29.20', false, der.integer(number)), ...extensions)),
  );
  const signature = sign('sha256', tbs, { key: by.keys.privateKey, dsaEncoding: 'der' });
  return der.sequence(tbs, algorithm, der.bitString(signature));
}
