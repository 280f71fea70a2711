import { type AppError, equalBytes, isAppError } from '@attestel/core';
import type { Certificate } from '../certificate/certificate.ts';
import { nameKey } from '../certificate/name.ts';
import {
  type VerifySignature,
  verifyCertificateSignature,
  verifySignature,
} from '../certificate/verify-signature.ts';
import { fail } from '../errors.ts';
import {
  type ChainRules,
  type CheckStatus,
  checkChain,
  type PolicyInputs,
  type ValidPolicies,
} from './check-chain.ts';
import { assertConforming } from './conforming.ts';
import { LEDGER_LIMITS, type PathLimits } from './limits.ts';

export interface PathInput {
  readonly leaf: Certificate;
  /** In any order; what does not belong to the path is passed over. */
  readonly intermediates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** Unix seconds; `any`: some moment in which all of the path are valid. */
  readonly at: number | 'any';
  readonly limits?: Partial<PathLimits>;
  readonly policies?: PolicyInputs;
  /** Also asks what RFC 5280 §4 asks of CAs, such as key identifiers and critical flags. */
  readonly strict?: boolean;
  readonly checkStatus?: CheckStatus;
  readonly verify?: VerifySignature;
}

export interface Path {
  readonly anchor: Certificate;
  /** Under the anchor first, the leaf last. */
  readonly certificates: readonly Certificate[];
  readonly policies: ValidPolicies;
}

/**
 * Finds a chain from the leaf to an anchor and validates it (RFC 5280 §6.1, RFC 9618). Deterministic:
 * candidates are tried in the order given, anchors first. Bounded by `limits` on any input.
 * @throws AppError path_*, extension_critical_unknown: of the first chain that reached an anchor, else of
 * why none did
 */
export function validatePath(input: PathInput): Path {
  const search = new Search(input);
  const path = search.from([input.leaf]);
  if (path) return path;
  throw search.reason();
}

class Search {
  private readonly input: PathInput;
  private readonly limits: PathLimits;
  private readonly rules: ChainRules;
  private readonly verify: VerifySignature;
  private readonly keys = new Map<Certificate, string>();
  private signatures = 0;
  private refusal: AppError | undefined;
  private tooLong = false;
  private cyclic = false;

  constructor(input: PathInput) {
    this.input = input;
    this.limits = { ...LEDGER_LIMITS, ...input.limits };
    this.verify = input.verify ?? verifySignature;
    const { at, policies = {}, checkStatus } = input;
    this.rules = { at, limits: this.limits, policies, checkStatus };
    if (input.intermediates.length + input.anchors.length > this.limits.pool) throw fail('path_work');
  }

  /** @param upward the leaf first, then the issuers found so far */
  from(upward: readonly Certificate[]): Path | undefined {
    const top = upward.at(-1) as Certificate;
    const issuerName = nameKey(top.issuerName);
    for (const anchor of this.input.anchors) {
      if (!this.issued(anchor, issuerName, top)) continue;
      const path = this.validated(anchor, upward.toReversed());
      if (path) return path;
    }
    for (const issuer of this.input.intermediates) {
      if (!this.mayFollow(issuer, issuerName, upward) || !this.issued(issuer, issuerName, top)) continue;
      const path = this.from([...upward, issuer]);
      if (path) return path;
    }
    return undefined;
  }

  /** The same name and key again brings a path no further (RFC 4158 §2.4.2). */
  private mayFollow(issuer: Certificate, issuerName: string, upward: readonly Certificate[]): boolean {
    if (this.subjectKey(issuer) !== issuerName) return false;
    const repeated = upward.some((below) => this.isSame(below, issuer));
    const long = upward.length >= this.limits.depth;
    this.cyclic ||= repeated;
    this.tooLong ||= long && !repeated;
    return !repeated && !long;
  }

  reason(): AppError {
    if (this.refusal) return this.refusal;
    if (this.tooLong) return fail('path_too_long');
    return fail(this.cyclic ? 'path_cyclic' : 'path_untrusted');
  }

  /** RFC 5280 §6.1.3 (a)(1) and (4); key identifiers that differ name another key (§4.2.1.1). */
  private issued(issuer: Certificate, issuerName: string, subject: Certificate): boolean {
    if (this.subjectKey(issuer) !== issuerName) return false;
    const [wanted, own] = [subject.extensions.aki?.keyId, issuer.extensions.ski];
    if (wanted && own && !equalBytes(wanted, own)) return false;
    if (++this.signatures > this.limits.signatures) throw fail('path_work');
    return verifyCertificateSignature(subject, issuer.spki, this.verify);
  }

  private validated(anchor: Certificate, certificates: readonly Certificate[]): Path | undefined {
    try {
      if (this.input.strict) assertConforming(anchor, certificates);
      return { anchor, certificates, policies: checkChain(anchor, certificates, this.rules) };
    } catch (error) {
      // A limit ends the search: each further path could cost as much.
      if (!isAppError(error) || error.kind === 'too-large') throw error;
      this.refusal ??= error;
      return undefined;
    }
  }

  private isSame(a: Certificate, b: Certificate): boolean {
    return equalBytes(a.spki, b.spki) && this.subjectKey(a) === this.subjectKey(b);
  }

  private subjectKey(certificate: Certificate): string {
    const known = this.keys.get(certificate);
    if (known !== undefined) return known;
    const key = nameKey(certificate.subjectName);
    this.keys.set(certificate, key);
    return key;
  }
}
