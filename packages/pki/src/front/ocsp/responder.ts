import { type Bytes, type Clock, isAppError, type Logger, unixSeconds } from '@attestel/core';
import type { CertificateStatusSource, StatusIssuer } from '../status-source.ts';
import { createAnswerCache } from './answer-cache.ts';
import { createIssuerIndex } from './issuer-index.ts';
import { type CertId, type OcspRequest, parseOcspRequest } from './request.ts';
import {
  OCSP_STATUS,
  type OcspSigner,
  type OcspSignerParts,
  type OcspStatement,
  ocspError,
  signerParts,
  writeOcspResponse,
} from './response.ts';

export interface OcspResponderOptions {
  readonly source: CertificateStatusSource;
  /** Answers where no delegated signer does. */
  readonly signer: OcspSigner;
  /** A signer that this issuer delegated to (RFC 6960 §4.2.2.2). */
  readonly delegated?: (issuer: StatusIssuer) => OcspSigner | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Seconds from an answer to its nextUpdate: how long clients may keep it. */
  readonly validity?: number;
  /** Seconds after which the state is too old to speak from. */
  readonly maxStateAge?: number;
  /** Answers kept; 0 signs each afresh. */
  readonly cachedAnswers?: number;
}

export interface OcspAnswer {
  readonly der: Bytes;
  /** Seconds that others may keep it; undefined: not at all. */
  readonly maxAge: number | undefined;
}

export interface OcspResponder {
  /** Never throws: what is wrong becomes an OCSP error status. */
  respond(request: Bytes): Promise<OcspAnswer>;
}

/** Positive list: what the ledger does not hold is answered `revoked` (on hold since 1970). */
export function createOcspResponder(options: OcspResponderOptions): OcspResponder {
  const { source, clock, validity = 60, maxStateAge = 300 } = options;
  const findIssuer = createIssuerIndex(source);
  const cache = createAnswerCache(options.cachedAnswers ?? 10_000);
  const partsOf = rememberParts();

  const answer = async (request: OcspRequest): Promise<OcspAnswer> => {
    const now = unixSeconds(clock);
    const asOf = Math.min(source.asOf(), now);
    if (now - asOf > maxStateAge) return refusal(OCSP_STATUS.tryLater);
    const issuers = request.certIds.map(findIssuer);
    // RFC 5019 §2.2.3: nothing can be said with authority.
    if (issuers.every((issuer) => issuer === undefined)) return refusal(OCSP_STATUS.unauthorized);
    const statements = request.certIds.map((certId, at) => [certId, statement(certId, issuers[at])] as const);
    if (!request.nonce) {
      const known = cache.find(statements, now);
      if (known) return known;
    }
    const signer = partsOf(signerFor(issuers));
    const times = { producedAt: now, thisUpdate: asOf, nextUpdate: now + validity };
    const made = await writeOcspResponse({ statements, nonce: request.nonce, ...times }, signer);
    return request.nonce ? { der: made, maxAge: undefined } : cache.keep(statements, made, now, validity);
  };

  const statement = (certId: CertId, issuer: StatusIssuer | undefined): OcspStatement =>
    issuer ? (source.byName(issuer.name, certId.serial) ?? 'unpublished') : 'foreign';

  /** One answer has one signature, so a delegate speaks only if all the certificates are of its CA. */
  const signerFor = ([first, ...rest]: readonly (StatusIssuer | undefined)[]): OcspSigner => {
    const shared = first && rest.every((issuer) => issuer === first) ? first : undefined;
    return (shared && options.delegated?.(shared)) ?? options.signer;
  };

  return {
    respond: async (bytes) => {
      try {
        return await answer(parseOcspRequest(bytes));
      } catch (error) {
        if (isAppError(error) && !SERVER_FAULTS.has(error.kind)) return refusal(OCSP_STATUS.malformedRequest);
        options.logger.error('ocsp answer failed', { code: isAppError(error) ? error.code : 'internal' });
        return refusal(OCSP_STATUS.internalError);
      }
    },
  };
}

const SERVER_FAULTS: ReadonlySet<string> = new Set(['internal', 'unavailable']);

const refusal = (status: number): OcspAnswer => ({ der: ocspError(status), maxAge: undefined });

function rememberParts(): (signer: OcspSigner) => OcspSignerParts {
  const parts = new WeakMap<OcspSigner, OcspSignerParts>();
  return (signer) => {
    const known = parts.get(signer) ?? signerParts(signer);
    parts.set(signer, known);
    return known;
  };
}
