export { errors as keyStoreErrors } from './errors.ts';
export { type FileKeyStoreOptions, openFileKeyStore } from './file-key-store.ts';
export { type JsonMembers, type JwsSigner, jwsSigner, signJws, signJwt } from './jws.ts';
export { createMemoryKeyStore, type MemoryKeyStoreOptions } from './memory-key-store.ts';
export { openPkcs11KeyStore, type Pkcs11KeyStoreOptions } from './pkcs11/open-pkcs11-key-store.ts';
export type {
  KeyAlgorithm,
  KeyInfo,
  KeyPurpose,
  KeyRef,
  KeyStore,
  KeyStoreCapabilities,
} from './port.ts';
