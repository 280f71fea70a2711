import type { Bytes } from '@attestel/core';
import { latin1 } from './issuer-index.ts';
import type { CertId } from './request.ts';
import type { OcspStatement } from './response.ts';

type Statements = readonly (readonly [CertId, OcspStatement])[];

interface Kept {
  readonly der: Bytes;
  readonly statements: readonly OcspStatement[];
  readonly nextUpdate: number;
  /** From then on it is signed again, so that nobody gets an answer about to run out. */
  readonly renewAt: number;
}

export interface AnswerCache {
  find(statements: Statements, now: number): { der: Bytes; maxAge: number } | undefined;
  keep(statements: Statements, der: Bytes, now: number, validity: number): { der: Bytes; maxAge: number };
}

/**
 * Signed answers by what was asked. One is used again only while it still says what the ledger says, so a
 * revocation shows at once here, whatever clients and proxies keep.
 */
export function createAnswerCache(size: number): AnswerCache {
  const kept = new Map<string, Kept>();
  if (size === 0)
    return { find: () => undefined, keep: (_, der, _now, validity) => ({ der, maxAge: validity }) };
  return {
    find(statements, now) {
      const found = kept.get(keyOf(statements));
      if (!found || now >= found.renewAt || !saysTheSame(found.statements, statements)) return undefined;
      return { der: found.der, maxAge: found.nextUpdate - now };
    },
    keep(statements, der, now, validity) {
      const key = keyOf(statements);
      kept.delete(key);
      if (kept.size >= size) kept.delete(kept.keys().next().value ?? '');
      const nextUpdate = now + validity;
      const renewAt = now + Math.floor(validity / 2);
      kept.set(key, { der, statements: statements.map(([, s]) => s), nextUpdate, renewAt });
      return { der, maxAge: validity };
    },
  };
}

const keyOf = (statements: Statements): string => statements.map(([certId]) => latin1(certId.bytes)).join('');

const saysTheSame = (before: readonly OcspStatement[], now: Statements): boolean =>
  before.every((one, at) => isSame(one, now[at]?.[1]));

function isSame(a: OcspStatement, b: OcspStatement | undefined): boolean {
  if (typeof a === 'string' || typeof b !== 'object') return a === b;
  return a.state === b.state && a.since === b.since && a.reason === b.reason;
}
