import { type Bytes, compareBytes, concatBytes, equalBytes, isAppError } from '@attestel/core';
import type { Certificate } from '../certificate/certificate.ts';
import type { DistributionPoint } from '../certificate/extension-types.ts';
import { nameKey } from '../certificate/name.ts';
import { type VerifySignature, verifySignature } from '../certificate/verify-signature.ts';
import { fail } from '../errors.ts';
import type { CheckStatus } from '../path/check-chain.ts';
import type { PathLimits } from '../path/limits.ts';
import { validatePath } from '../path/validate-path.ts';
import { entryKey, type RevocationList, type RevokedEntry } from './revocation-list.ts';
import { ALL_REASONS, covers, pointsOf, reasonsTold, scopeKey } from './scope.ts';

export interface StatusSources {
  readonly lists: readonly RevocationList[];
  /** Where issuers of lists are looked for that are not in the path itself. */
  readonly intermediates: readonly Certificate[];
  /** Unix seconds. */
  readonly at: number;
  readonly limits?: Partial<PathLimits>;
  readonly verify?: VerifySignature;
}

/** Whose status is asked, and the path it stands in. */
interface Asked {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly anchor: Certificate;
}

const REMOVE_FROM_CRL = 8;
/** List issuers that need list issuers: each adds a search, so the chain of them is short. */
const MAX_VOUCHING = 3;

/**
 * Revocation by lists for {@link validatePath}, as RFC 5280 §6.3.3 with deltas and indirect lists. Fails
 * closed: a certificate that no valid list covers for every reason is refused.
 */
export function createListStatus(sources: StatusSources): CheckStatus {
  return new ListStatus(sources, []).check;
}

class ListStatus {
  private readonly sources: StatusSources;
  /**
   * Certificates whose status is being looked for. The list that tells it may be by one of their own keys
   * (RFC 5280 §6.3.3 (f) does not forbid it): the list then still has to call that certificate good.
   */
  private readonly pending: readonly Certificate[];
  private readonly verify: VerifySignature;

  constructor(sources: StatusSources, pending: readonly Certificate[]) {
    this.sources = sources;
    this.pending = pending;
    this.verify = sources.verify ?? verifySignature;
  }

  /** @throws AppError path_revoked, path_status_unknown */
  readonly check: CheckStatus = (certificate, issuer, anchor) => {
    const covered = new Set<number>();
    for (const point of pointsOf(certificate)) {
      for (const list of this.sources.lists) {
        for (const reason of this.reasonsFrom(list, point, covered, { certificate, issuer, anchor })) {
          covered.add(reason);
        }
      }
    }
    if (covered.size < ALL_REASONS.size) throw fail('path_status_unknown');
  };

  /** §6.3.3 (b) to (l) for one list: the reasons for which it calls the certificate good. */
  private reasonsFrom(
    list: RevocationList,
    point: DistributionPoint,
    covered: ReadonlySet<number>,
    by: Asked,
  ): Iterable<number> {
    const reasons = reasonsTold(list, point);
    if ([...reasons].every((reason) => covered.has(reason)) || !this.isUsable(list, by.certificate, point))
      return [];
    if (!this.isSigned(list, by)) return [];
    const entry = this.entryOf(list, by);
    if (entry && entry.reason !== REMOVE_FROM_CRL) throw fail('path_revoked');
    return reasons;
  }

  /** A complete, current list that speaks of the certificate. */
  private isUsable(list: RevocationList, certificate: Certificate, point: DistributionPoint): boolean {
    return list.deltaBase === undefined && this.isCurrent(list) && covers(list, certificate, point);
  }

  private isCurrent({ thisUpdate, nextUpdate, hasUnknownCritical }: RevocationList): boolean {
    const { at } = this.sources;
    return !hasUnknownCritical && thisUpdate <= at && nextUpdate !== undefined && at <= nextUpdate;
  }

  /** §6.3.3 (c), (h), (i), (j): the latest delta decides where it names the certificate. */
  private entryOf(list: RevocationList, by: Asked): RevokedEntry | undefined {
    const { certificate } = by;
    const key = entryKey(nameKey(certificate.issuerName), integerContent(certificate.serial));
    const [delta] = this.sources.lists
      .filter((other) => this.isDeltaOf(other, list) && this.isSigned(other, by))
      .toSorted((a, b) => compareNumbers(b.number, a.number));
    return delta?.entries.get(key) ?? list.entries.get(key);
  }

  /** §5.2.4: same scope, begun at or before the complete list, and later than it. */
  private isDeltaOf(delta: RevocationList, list: RevocationList): boolean {
    if (delta.deltaBase === undefined || !list.number || !this.isCurrent(delta)) return false;
    if (scopeKey(delta) !== scopeKey(list)) return false;
    return compareNumbers(list.number, delta.deltaBase) >= 0 && compareNumbers(list.number, delta.number) < 0;
  }

  /** §6.3.3 (f), (g): by a key that may sign lists, and whose certificate is under the same anchor. */
  private isSigned(list: RevocationList, by: Asked): boolean {
    const name = nameKey(list.issuerName);
    const signs = (signer: Certificate): boolean =>
      nameKey(signer.subjectName) === name &&
      (signer.extensions.keyUsage?.has('cRLSign') ?? true) &&
      matches(list.keyId, signer.extensions.ski) &&
      this.verify(signer.spki, list.signatureAlgorithm, list.tbs, list.signature);
    if (signs(by.issuer) || signs(by.anchor)) return true;
    const pending = [...this.pending, by.certificate];
    return this.sources.intermediates.some(
      (signer) =>
        signs(signer) &&
        (pending.some((one) => equalBytes(one.der, signer.der)) ||
          this.isTrusted(signer, by.anchor, pending)),
    );
  }

  private isTrusted(signer: Certificate, anchor: Certificate, pending: readonly Certificate[]): boolean {
    if (pending.length > MAX_VOUCHING) return false;
    const { intermediates, at, limits, verify } = this.sources;
    const checkStatus = new ListStatus(this.sources, pending).check;
    try {
      validatePath({
        leaf: signer,
        intermediates,
        anchors: [anchor],
        at,
        checkStatus,
        ...(limits && { limits }),
        ...(verify && { verify }),
      });
      return true;
    } catch (error) {
      if (isAppError(error)) return false;
      throw error;
    }
  }
}

const matches = (wanted: Bytes | undefined, own: Bytes | undefined): boolean =>
  !wanted || !own || equalBytes(wanted, own);

/** As an INTEGER's content has it: with a sign octet where the first bit is set. */
const integerContent = (magnitude: Bytes): Bytes =>
  (magnitude[0] as number) >= 0x80 ? concatBytes(Uint8Array.of(0), magnitude) : magnitude;

/** Order of magnitudes without leading zeros; an absent number is lowest. */
function compareNumbers(a: Bytes | undefined, b: Bytes | undefined): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  return a.length - b.length || compareBytes(a, b);
}
