export { maskNumber } from '@attestel/credentials/holder';
export {
  createHeadlessWallet,
  createNodeClients,
  type HeadlessWalletOptions,
} from './create-headless-wallet.ts';
export {
  createWallet,
  linkKind,
  type ReceiveOptions,
  type Wallet,
  type WalletOptions,
} from './create-wallet.ts';
export { type WalletErrorCode, walletErrors } from './errors.ts';
export type { Fetch } from './guarded-fetch.ts';
export { createKeyStoreKeys } from './keys/key-store-keys.ts';
export type { HolderJwk, WalletKeyPurpose, WalletKeys } from './keys/wallet-keys.ts';
export {
  createMemoryVault,
  createWebCryptoKeys,
  type KeyVault,
  type SealedKeyPair,
} from './keys/webcrypto-keys.ts';
export type { Decision } from './presentation/presenter.ts';
export { createMemoryWalletStorage } from './storage/memory-storage.ts';
export { createStoreWalletStorage } from './storage/store-storage.ts';
export {
  type Change,
  COLLECTIONS,
  type Collection,
  type WalletRecords,
  type WalletStorage,
} from './storage/wallet-storage.ts';
export type {
  AskerView,
  Card,
  CardClaim,
  CardDetail,
  CardState,
  HistoryEntry,
  HistoryKind,
  MatchingCard,
  OfferPreview,
  OperatorView,
  PendingPresentation,
  PinRule,
  PresentationResult,
  ReceiveStep,
  RequestMode,
  RequestPreview,
} from './types.ts';
