import type { Bytes } from '@attestel/core';
import {
  type AccessDescription,
  type AuthorityKeyId,
  type BasicConstraints,
  type DistributionPoint,
  EXTENSION,
  KEY_USAGES,
  type KeyUsage,
  type NameConstraints,
  type PolicyConstraints,
  type PolicyInformation,
  type PolicyMapping,
} from '../certificate/extension-types.ts';
import type { GeneralName } from '../certificate/general-name.ts';
import { contextTag } from '../der/read.ts';
import { der } from '../der/write.ts';
import { writeRdn } from './write-name.ts';

/** DER of one Extension; FALSE is the default and not written. */
export const writeExtension = (oid: string, critical: boolean, value: Bytes): Bytes =>
  der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));

/** Extensions as RFC 5280 §4.2 has them: critical where a CA must mark them so, unless told otherwise. */
export const extension = {
  basicConstraints: ({ ca, pathLength }: BasicConstraints, critical = true): Bytes =>
    writeExtension(
      EXTENSION.basicConstraints,
      critical,
      der.sequence(
        ...(ca ? [der.boolean(true)] : []),
        ...(pathLength === undefined ? [] : [der.integer(pathLength)]),
      ),
    ),
  keyUsage: (usages: readonly KeyUsage[], critical = true): Bytes =>
    writeExtension(
      EXTENSION.keyUsage,
      critical,
      der.namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))),
    ),
  extKeyUsage: (oids: readonly string[], critical = false): Bytes =>
    writeExtension(EXTENSION.extKeyUsage, critical, der.sequence(...oids.map(der.oid))),
  san: (names: readonly GeneralName[], critical = false): Bytes =>
    writeExtension(EXTENSION.san, critical, der.sequence(...names.map(writeGeneralName))),
  nameConstraints: ({ permitted, excluded }: NameConstraints, critical = true): Bytes =>
    writeExtension(
      EXTENSION.nameConstraints,
      critical,
      der.sequence(...subtrees(0, permitted), ...subtrees(1, excluded)),
    ),
  policies: (policies: readonly PolicyInformation[], critical = false): Bytes =>
    writeExtension(
      EXTENSION.policies,
      critical,
      der.sequence(
        ...policies.map(({ policy, qualifiers }) =>
          der.sequence(der.oid(policy), ...(qualifiers ? [qualifiers] : [])),
        ),
      ),
    ),
  policyMappings: (mappings: readonly PolicyMapping[], critical = true): Bytes =>
    writeExtension(
      EXTENSION.policyMappings,
      critical,
      der.sequence(...mappings.map((m) => der.sequence(der.oid(m.issuerDomain), der.oid(m.subjectDomain)))),
    ),
  policyConstraints: ({ requireExplicit, inhibitMapping }: PolicyConstraints, critical = true): Bytes =>
    writeExtension(
      EXTENSION.policyConstraints,
      critical,
      der.sequence(...skip(0, requireExplicit), ...skip(1, inhibitMapping)),
    ),
  inhibitAnyPolicy: (skipCertificates: number, critical = true): Bytes =>
    writeExtension(EXTENSION.inhibitAnyPolicy, critical, der.integer(skipCertificates)),
  aki: ({ keyId, issuer, serial }: AuthorityKeyId): Bytes =>
    writeExtension(
      EXTENSION.aki,
      false,
      der.sequence(
        ...(keyId ? [der.element(contextTag(0, false), keyId)] : []),
        ...(issuer ? [der.explicit(1, ...issuer.map(writeGeneralName))] : []),
        ...(serial ? [der.implicit(2, der.integer(serial))] : []),
      ),
    ),
  ski: (keyId: Bytes): Bytes => writeExtension(EXTENSION.ski, false, der.octetString(keyId)),
  crlDp: (points: readonly DistributionPoint[], critical = false): Bytes =>
    writeExtension(EXTENSION.crlDp, critical, der.sequence(...points.map(writePoint))),
  aia: (descriptions: readonly AccessDescription[]): Bytes =>
    writeExtension(
      EXTENSION.aia,
      false,
      der.sequence(
        ...descriptions.map(({ method, location }) =>
          der.sequence(der.oid(method), writeGeneralName(location)),
        ),
      ),
    ),
  nfTypes: (types: readonly string[]): Bytes =>
    writeExtension(EXTENSION.nfTypes, false, der.sequence(...types.map(der.ia5String))),
} as const;

const TEXT_TAGS = { email: 1, dns: 2, uri: 6 } as const;

/** DER of a GeneralName (RFC 5280 §4.2.1.6). */
export function writeGeneralName(name: GeneralName): Bytes {
  switch (name.kind) {
    case 'email':
    case 'dns':
    case 'uri':
      return der.implicit(TEXT_TAGS[name.kind], der.ia5String(name.value));
    case 'ip':
      return der.implicit(7, der.octetString(name.value));
    case 'directoryName':
      return der.explicit(4, name.name.bytes);
    case 'otherName':
      return der.explicit(0, der.oid(name.type), der.explicit(0, name.value));
    case 'registeredId':
      return der.implicit(8, der.oid(name.oid));
    case 'x400':
    case 'ediParty':
      return name.value;
  }
}

const subtrees = (number: number, bases: readonly GeneralName[]): Bytes[] =>
  bases.length === 0
    ? []
    : [der.explicit(number, ...bases.map((base) => der.sequence(writeGeneralName(base))))];

const skip = (number: number, count: number | undefined): Bytes[] =>
  count === undefined ? [] : [der.implicit(number, der.integer(count))];

function writePoint({ name, reasons, crlIssuer }: DistributionPoint): Bytes {
  const named =
    name &&
    ('fullName' in name
      ? der.explicit(0, ...name.fullName.map(writeGeneralName))
      : der.implicit(1, writeRdn(name.relativeName)));
  return der.sequence(
    ...(named ? [der.explicit(0, named)] : []),
    ...(reasons ? [der.implicit(1, der.namedBits([...reasons]))] : []),
    ...(crlIssuer ? [der.explicit(2, ...crlIssuer.map(writeGeneralName))] : []),
  );
}
