import type { Bytes } from '@attestel/core';
import type { DistributionPointName } from '../certificate/extension-types.ts';
import { readPointName } from '../certificate/read-identities.ts';
import { readNamedBits, readTrue } from '../der/primitives.ts';
import { contextTag, type DerCursor, sequenceIn } from '../der/read.ts';
import { fail } from '../errors.ts';

/** Which certificates a revocation list speaks of (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | undefined;
  readonly onlyUser: boolean;
  readonly onlyCa: boolean;
  readonly onlyAttribute: boolean;
  /** Of other issuers too. */
  readonly indirect: boolean;
  /** Numbers of the ReasonFlags; undefined: all. */
  readonly onlyReasons: ReadonlySet<number> | undefined;
}

/** @throws AppError crl_malformed where the scope is empty or two of "only" stand together */
export function readIssuingDistributionPoint(value: Bytes): IssuingDistributionPoint {
  const cursor = sequenceIn(value);
  const name = cursor.optional(contextTag(0));
  const onlyUser = flag(cursor, 1);
  const onlyCa = flag(cursor, 2);
  const reasons = cursor.optional(contextTag(3, false));
  const indirect = flag(cursor, 4);
  const onlyAttribute = flag(cursor, 5);
  cursor.end();
  if ([onlyUser, onlyCa, onlyAttribute].filter(Boolean).length > 1) throw fail('crl_malformed');
  if (!name && !reasons && !onlyUser && !onlyCa && !indirect && !onlyAttribute) throw fail('crl_malformed');
  return {
    name: name && readPointName(name),
    ...{ onlyUser, onlyCa, onlyAttribute, indirect },
    onlyReasons: reasons && new Set(readNamedBits(reasons)),
  };
}

function flag(cursor: DerCursor, number: number): boolean {
  const field = cursor.optional(contextTag(number, false));
  return field !== undefined && readTrue(field);
}
