export { type CredentialErrorCode, errors as credentialErrors } from './errors.ts';
export type { CompactJws } from './jose/compact-jws.ts';
export { parseJws } from './jose/parse-jws.ts';
export type { JsonObject } from './jose/strict-json.ts';
export { importJwk, isSignatureValid, type VerificationKey } from './jose/verify-signature.ts';
export { CLOCK_SKEW_SECONDS, LIMITS as CREDENTIAL_LIMITS } from './limits.ts';
export {
  type CreatePortingOptions,
  createPortingRecord,
  PORTING_TYP,
  type PortingChainOptions,
  type PortingRecord,
  readPortingRecords,
  type VerifyPortingOptions,
  verifyPortingRecord,
  verifyPortingRecords,
} from './porting/porting-record.ts';
export { wasOperator } from './porting/was-operator.ts';
export type { Disclosure } from './sd-jwt/disclosure.ts';
export type { ParsedSdJwt } from './sd-jwt/parse-sd-jwt.ts';
export type { Fetch } from './status/fetch-text.ts';
export {
  type CredentialStatus,
  createStatusCache,
  type StatusCache,
  type StatusCacheOptions,
} from './status/status-cache.ts';
export {
  createStatusList,
  decodeStatusList,
  type EncodedStatusList,
  encodeStatusList,
  getStatus,
  STATUS,
  type StatusBits,
  type StatusList,
  setStatus,
} from './status/status-list.ts';
export {
  type SignStatusListOptions,
  STATUS_LIST_TYP,
  signStatusListToken,
  type VerifiedStatusList,
  type VerifyStatusListOptions,
  verifyStatusListToken,
} from './status/status-list-token.ts';
export {
  createIssuerKeys,
  type FindIssuerKey,
  type IssuerKeySources,
  type TrustedIssuerKey,
} from './trust/issuer-keys.ts';
export { createIssuerTrust, type IssuerTrustOptions } from './trust/issuer-trust.ts';
export { maskNumber } from './types/mask-number.ts';
export {
  assertPhoneNumberClaims,
  BRIDGE_ONLY_CLAIMS,
  type DisclosedPhoneNumberClaims,
  PHONE_NUMBER_VCT,
  type PhoneNumberClaims,
  parseDisclosedPhoneNumberClaims,
  phoneNumberClaimsSchema,
} from './types/phone-number.schema.ts';
export { KEY_BINDING_TYP, SD_JWT_VC_TYP, type StatusReference } from './vc/claims.ts';
export {
  type CredentialCopy,
  type IssueBatchOptions,
  type IssueOptions,
  issueSdJwtVc,
  issueSdJwtVcBatch,
  type PlainClaims,
  validityWindow,
} from './vc/issue-sd-jwt-vc.ts';
export {
  type CredentialOptions,
  type IssuerKey,
  type IssuerKeys,
  type PresentationOptions,
  parseSdJwtVc,
  type VerifiedCredential,
  verifyIssuerSignedSdJwt,
  verifyPresentation,
} from './vc/verify-presentation.ts';
export { type IssueVcOptions, issueVc } from './vcdm/issue-vc.ts';
export { LINE_STATUS_TYPE, type LineStatus, type Vc } from './vcdm/vc-model.ts';
export {
  type FindVcKey,
  type ParsedVc,
  parseVc,
  VC_JWT_TYP,
  type VerifyVcOptions,
  vcKeysOf,
  verifyVc,
} from './vcdm/verify-vc.ts';
