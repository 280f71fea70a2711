export type { JsonObject } from '../jose/strict-json.ts';
export { maskNumber } from '../types/mask-number.ts';
export {
  BRIDGE_ONLY_CLAIMS,
  type DisclosedPhoneNumberClaims,
  PHONE_NUMBER_VCT,
  parseDisclosedPhoneNumberClaims,
} from '../types/phone-number.schema.ts';
export type { CredentialFrame, StatusReference } from '../vc/claims.ts';
export { type CreatePresentationOptions, createPresentation } from './create-presentation.ts';
export { disclosedClaims } from './disclosed-claims.ts';
export { type Hash, webCryptoSha256 } from './hash.ts';
export { selectDisclosures } from './select-disclosures.ts';
export {
  type VerifyReceivedOptions,
  type VerifySignature,
  verifyReceived,
  webCryptoVerify,
} from './verify-received.ts';
