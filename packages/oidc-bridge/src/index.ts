export type { Accounts } from './accounts/accounts.ts';
export { sectorOf } from './accounts/sector.ts';
export { type Bridge, createBridge } from './bridge.ts';
export { CLAIMS, type ClaimName, SCOPES } from './claims/catalogue.ts';
export {
  type Choice,
  CONSENT_SECONDS,
  type Consent,
  type ConsentStore,
  type RememberedConsent,
  type StandingConsent,
} from './consent/consent-store.ts';
export { type BridgeErrorCode, bridgeErrors } from './errors.ts';
export type { BridgeKeyStore } from './keys/key-port.ts';
export type { BridgeOptions } from './options.ts';
export { terminalQrCode } from './pages/qr-code.ts';
export { ACR, AMR } from './provider/configuration.ts';
