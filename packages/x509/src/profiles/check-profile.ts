import type { Certificate } from '../certificate/certificate.ts';
import { EXTENSION, type Extensions } from '../certificate/extension-types.ts';
import { fail } from '../errors.ts';
import { type Facts, factsOf } from './facts.ts';
import { CERTIFICATE_PROFILES, type Profile, type ProfileRole } from './profiles.ts';

/**
 * Whether a certificate is written as its role wants it, whoever signed it: also for self-signed ones,
 * which no path check sees. Signature, time and issuer are not looked at.
 * @throws AppError profile_*, extension_critical_unknown, each with the extension as its field
 */
export function checkProfile(role: ProfileRole, certificate: Certificate): Facts {
  const profile = CERTIFICATE_PROFILES[role];
  const facts = factsOf(role, certificate);
  const { unknownCritical } = certificate.extensions;
  if (unknownCritical.length > 0) {
    throw fail('extension_critical_unknown', { detail: unknownCritical.join(' ') });
  }
  checkAuthority(profile, certificate);
  checkKeyUsage(profile, certificate);
  checkExtKeyUsage(profile, certificate);
  checkIdentity(profile, certificate, facts);
  checkNfTypes(profile, certificate);
  for (const field of profile.keyIds) {
    const { aki, ski } = certificate.extensions;
    if (!(field === 'aki' ? aki?.keyId : ski)) throw fail('profile_key_id', { field });
  }
  const validity = certificate.notAfter - certificate.notBefore;
  if (validity < 0 || validity > (profile.maxValidity ?? Infinity)) throw fail('profile_validity');
  return facts;
}

/** RFC 5280 §4.2.1.9: what constrains other certificates stands in those of CAs only. */
function checkAuthority(profile: Profile, { extensions, hasUniqueIds }: Certificate): void {
  if ((extensions.basicConstraints?.ca ?? false) !== profile.ca) {
    throw fail('profile_ca', { field: 'basicConstraints' });
  }
  if (hasUniqueIds) throw fail('profile_extension', { field: 'uniqueIds' });
  const { nameConstraints, policyMappings, policyConstraints, inhibitAnyPolicy } = extensions;
  if (profile.ca) return;
  for (const [field, present] of Object.entries({
    nameConstraints,
    policyMappings,
    policyConstraints,
    inhibitAnyPolicy,
  })) {
    if (present !== undefined) throw fail('profile_extension', { field });
  }
}

/** Critical (RFC 5280 §4.2.1.3; a SHOULD there, TRUE in TS 33.310 cl. 6.1.3c.3). */
function checkKeyUsage({ keyUsage: wanted }: Profile, { extensions }: Certificate): void {
  const found = extensions.keyUsage;
  const fits =
    found !== undefined &&
    wanted.required.every((usage) => found.has(usage)) &&
    [...found].every((usage) => wanted.allowed.includes(usage));
  if (!fits || !isCritical(extensions, EXTENSION.keyUsage))
    throw fail('profile_key_usage', { field: 'keyUsage' });
}

/** Not critical (TS 33.310 cl. 6.1.3c.3): stacks that do not know the extension have to accept it. */
function checkNfTypes({ nfTypes: wanted }: Profile, { extensions }: Certificate): void {
  const isPresent = extensions.nfTypes !== undefined;
  if (isPresent !== (wanted === 'required') || isCritical(extensions, EXTENSION.nfTypes)) {
    throw fail('profile_nf_types', { field: 'nfTypes' });
  }
}

const isCritical = ({ all }: Extensions, wanted: string): boolean =>
  all.some(({ oid, critical }) => oid === wanted && critical);

function checkExtKeyUsage({ extKeyUsage: wanted }: Profile, { extensions }: Certificate): void {
  const found = extensions.extKeyUsage;
  if (found === undefined && !wanted?.required) return;
  const fits =
    found !== undefined &&
    wanted !== undefined &&
    found.every((oid) => wanted.allowed.includes(oid)) &&
    (wanted.oneOf === undefined || wanted.oneOf.some((oid) => found.includes(oid)));
  if (!fits) throw fail('profile_ext_key_usage', { field: 'extKeyUsage' });
}

function checkIdentity(profile: Profile, { subjectName, extensions }: Certificate, facts: Facts): void {
  if (profile.ca && subjectName.rdns.length === 0) throw fail('profile_subject', { field: 'subject' });
  if (profile.identity === undefined) return;
  const has = {
    deviceSerial: facts.deviceSerial !== null,
    dns: facts.dnsNames.length > 0,
    uri: facts.uris.length > 0,
    ip: extensions.san?.some((name) => name.kind === 'ip') ?? false,
  };
  if (profile.identity.some((kind) => has[kind])) return;
  const inSubject = profile.identity.every((kind) => kind === 'deviceSerial');
  throw inSubject
    ? fail('profile_subject', { field: 'subject' })
    : fail('profile_alt_name', { field: 'san' });
}
