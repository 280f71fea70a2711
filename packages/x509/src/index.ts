export { freshSerial } from './authoring/author.ts';
export { createRootCertificate, type RootRequest } from './authoring/create-root.ts';
export { issueLeafCertificate, type LeafRequest } from './authoring/issue-leaf.ts';
export {
  type CertificateTemplate,
  ecdsaSignatureFromRaw,
  writeCertificate,
  writeSigned,
  writeTbs,
} from './authoring/write-certificate.ts';
export { extension, writeExtension, writeGeneralName } from './authoring/write-extensions.ts';
export { type AttributeType, writeName, writeRdn } from './authoring/write-name.ts';
export {
  type CertificateSignatureAlgorithm,
  hashOf,
  readSignatureAlgorithm,
  writeSignatureAlgorithm,
} from './certificate/algorithms.ts';
export { type Certificate, MAX_CERTIFICATE_BYTES, parseCertificate } from './certificate/certificate.ts';
export {
  type AccessDescription,
  ANY_POLICY,
  type AuthorityKeyId,
  type BasicConstraints,
  type DistributionPoint,
  type DistributionPointName,
  EKU,
  EXTENSION,
  type Extensions,
  KEY_USAGES,
  type KeyUsage,
  type NameConstraints,
  type PolicyConstraints,
  type PolicyInformation,
  type PolicyMapping,
  type RawExtension,
} from './certificate/extension-types.ts';
export { readExtensionList, readExtensions } from './certificate/extensions.ts';
export { type GeneralName, readGeneralName, readGeneralNames } from './certificate/general-name.ts';
export {
  NAME_ATTRIBUTE,
  type Name,
  type NameAttribute,
  nameKey,
  nameTexts,
  rdnKeys,
  readName,
} from './certificate/name.ts';
export {
  keyBits,
  multikeyOf,
  type PublicKey,
  parsePublicKey,
  publicKeyOfMultikey,
  readPublicKey,
  writeSpki,
} from './certificate/public-key.ts';
export {
  type VerifySignature,
  verifyCertificateSignature,
  verifySignature,
  verifySignatureBy,
} from './certificate/verify-signature.ts';
export { createListStatus, type StatusSources } from './crl/check-status.ts';
export type { IssuingDistributionPoint } from './crl/issuing-distribution-point.ts';
export {
  entryKey,
  MAX_CRL_BYTES,
  parseRevocationList,
  type RevocationList,
  type RevokedEntry,
} from './crl/revocation-list.ts';
export {
  readBitBytes,
  readBits,
  readGeneralizedTime,
  readInteger,
  readNamedBits,
  readNull,
  readOid,
  readSmallInteger,
  readTime,
  readTrue,
  readUnsigned,
  readUtf8,
} from './der/primitives.ts';
export {
  contextTag,
  DerCursor,
  type DerElement,
  elementsOf,
  readDer,
  sequenceIn,
  TAG,
} from './der/read.ts';
export { der } from './der/write.ts';
export { errors as x509Errors } from './errors.ts';
export type { CheckStatus, PolicyInputs, ValidPolicies } from './path/check-chain.ts';
export { LEDGER_LIMITS, type PathLimits } from './path/limits.ts';
export { type Path, type PathInput, validatePath } from './path/validate-path.ts';
export { type VerifiedLeaf, verifyLeafUnder } from './path/verify-leaf.ts';
export { checkProfile } from './profiles/check-profile.ts';
export type { Facts } from './profiles/facts.ts';
export {
  CERTIFICATE_PROFILES,
  PROFILE_ROLES,
  type Profile,
  type ProfileRole,
} from './profiles/profiles.ts';
