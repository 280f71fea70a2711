export { createHttpResolver, createRegistrar } from '@attestel/did';
export { createMemoryKeyStore, openFileKeyStore } from '@attestel/keystore';
export { type VeramoErrorCode, veramoErrors } from './errors.ts';
export { getMnoResolver } from './get-mno-resolver.ts';
export {
  type CreateIdentifierOptions,
  MnoIdentifierProvider,
  type MnoIdentifierProviderOptions,
} from './mno-identifier-provider.ts';
