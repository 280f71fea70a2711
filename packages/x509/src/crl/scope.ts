import { toHex } from '@attestel/core';
import type { Certificate } from '../certificate/certificate.ts';
import type { DistributionPoint, DistributionPointName } from '../certificate/extension-types.ts';
import type { GeneralName } from '../certificate/general-name.ts';
import { extendedNameKey, type Name, nameKey } from '../certificate/name.ts';
import type { RevocationList } from './revocation-list.ts';

/** Reasons other than "unspecified" that a list can be about (RFC 5280 §4.2.1.13): bits 1 to 8. */
export const ALL_REASONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8]);

/** Where a certificate's status is told; the last, implied one is a list of its own issuer (§6.3.3). */
export const pointsOf = ({ extensions, issuerName }: Certificate): DistributionPoint[] => [
  ...(extensions.crlDp ?? []),
  { name: { fullName: [{ kind: 'directoryName', name: issuerName }] } },
];

/** §6.3.3 (b): whether a list is by the right issuer and speaks of this certificate. */
export function covers(list: RevocationList, certificate: Certificate, point: DistributionPoint): boolean {
  const { scope } = list;
  if (!hasIssuer(list, certificate, point)) return false;
  if (!scope) return true;
  const isCa = certificate.extensions.basicConstraints?.ca ?? false;
  if ((scope.onlyUser && isCa) || (scope.onlyCa && !isCa) || scope.onlyAttribute) return false;
  if (!scope.name) return true;
  const told = namesOf(scope.name, list.issuerName);
  // Without a name of its own the point is named by the issuer of the list.
  const wanted = point.name
    ? namesOf(point.name, crlIssuerOf(point) ?? certificate.issuerName)
    : (point.crlIssuer ?? []).map(generalNameKey);
  return told.some((name) => wanted.includes(name));
}

/** §6.3.3 (b)(1). */
function hasIssuer(list: RevocationList, certificate: Certificate, point: DistributionPoint): boolean {
  const issuer = nameKey(list.issuerName);
  if (!point.crlIssuer) return issuer === nameKey(certificate.issuerName);
  if (!list.scope?.indirect) return false;
  return point.crlIssuer.some((name) => name.kind === 'directoryName' && nameKey(name.name) === issuer);
}

/** §6.3.3 (d): the reasons that a list can tell of through a point. */
export function reasonsTold(list: RevocationList, point: DistributionPoint): Set<number> {
  const { onlyReasons = ALL_REASONS } = list.scope ?? {};
  const { reasons = ALL_REASONS } = point;
  return new Set([...ALL_REASONS].filter((reason) => onlyReasons.has(reason) && reasons.has(reason)));
}

/** Equal for two lists exactly if their scope is: a delta belongs to a list of the same (§6.3.3 (c)). */
export function scopeKey({ scope, issuerName, keyId }: RevocationList): string {
  const names = scope?.name ? namesOf(scope.name, issuerName).toSorted() : [];
  const flags = scope && [scope.onlyUser, scope.onlyCa, scope.onlyAttribute, scope.indirect];
  const reasons = scope?.onlyReasons ? [...scope.onlyReasons].toSorted((a, b) => a - b) : null;
  return JSON.stringify([nameKey(issuerName), names, flags, reasons, keyId ? toHex(keyId) : null]);
}

function namesOf(name: DistributionPointName, base: Name): string[] {
  if ('fullName' in name) return name.fullName.map(generalNameKey);
  return [`directoryName:${extendedNameKey(base, name.relativeName)}`];
}

function crlIssuerOf({ crlIssuer = [] }: DistributionPoint): Name | undefined {
  for (const name of crlIssuer) if (name.kind === 'directoryName') return name.name;
  return undefined;
}

function generalNameKey(name: GeneralName): string {
  switch (name.kind) {
    case 'directoryName':
      return `directoryName:${nameKey(name.name)}`;
    case 'dns':
    case 'uri':
    case 'email':
      return `${name.kind}:${name.value}`;
    case 'registeredId':
      return `registeredId:${name.oid}`;
    case 'otherName':
      return `otherName:${name.type}:${toHex(name.value)}`;
    default:
      return `${name.kind}:${toHex(name.value)}`;
  }
}
