import type { Certificate } from '../certificate/certificate.ts';
import { EXTENSION, type RawExtension } from '../certificate/extension-types.ts';
import { fail } from '../errors.ts';

/**
 * What RFC 5280 §4 asks of a CA that issues, beyond what §6 asks of a validator. Devices in the field break
 * some of it, so a caller chooses. @throws AppError path_nonconforming, its field the extension
 */
export function assertConforming(anchor: Certificate, chain: readonly Certificate[]): void {
  for (const certificate of [anchor, ...chain]) {
    assertNames(certificate);
    assertFlags(certificate);
    assertUsage(certificate);
  }
  // §4.2.1.1: in all certificates but self-signed ones.
  for (const { extensions } of chain) if (!extensions.aki?.keyId) throw nonconforming('aki');
}

const nonconforming = (field: string) => fail('path_nonconforming', { field });

/** §4.1.2.4, §4.1.2.6, §4.2.1.6. */
function assertNames({ issuerName, subjectName, extensions, hasUniqueIds }: Certificate): void {
  if (hasUniqueIds) throw nonconforming('uniqueIds');
  if (issuerName.rdns.length === 0) throw nonconforming('issuer');
  if (subjectName.rdns.length > 0) return;
  if (extensions.basicConstraints?.ca) throw nonconforming('subject');
  if (!extensions.san || !isCritical(extensions.all, EXTENSION.san)) throw nonconforming('san');
}

/** §4.2.1.1, §4.2.1.2, §4.2.1.9 and others: extensions that MUST or MUST NOT be critical. */
function assertFlags({ extensions }: Certificate): void {
  const { all, basicConstraints } = extensions;
  for (const field of ['aki', 'ski', 'aia', 'freshestCrl', 'nfTypes'] as const) {
    if (isCritical(all, EXTENSION[field])) throw nonconforming(field);
  }
  for (const field of ['nameConstraints', 'policyConstraints', 'inhibitAnyPolicy'] as const) {
    if (extensions[field] !== undefined && !isCritical(all, EXTENSION[field])) throw nonconforming(field);
  }
  if (basicConstraints?.ca && !isCritical(all, EXTENSION.basicConstraints)) {
    throw nonconforming('basicConstraints');
  }
}

/** §4.2.1.2, §4.2.1.3, §4.2.1.9. */
function assertUsage({ extensions }: Certificate): void {
  const { basicConstraints, keyUsage, ski, nameConstraints } = extensions;
  const signs = keyUsage?.has('keyCertSign') ?? false;
  if (!basicConstraints?.ca) {
    if (signs) throw nonconforming('keyUsage');
    if (nameConstraints) throw nonconforming('nameConstraints');
    return;
  }
  if (!keyUsage || (basicConstraints.pathLength !== undefined && !signs)) throw nonconforming('keyUsage');
  if (!ski) throw nonconforming('ski');
}

const isCritical = (all: readonly RawExtension[], oid: string): boolean =>
  all.some((extension) => extension.oid === oid && extension.critical);
