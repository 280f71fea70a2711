import { join } from 'node:path';
import { type KeyStore, openFileKeyStore } from '@attestel/keystore';

export interface PartyKeysOptions {
  readonly dataDir: string;
  readonly passphrase: string;
  /** Cost of a new key file; lower than the default only where the passphrase protects nothing. */
  readonly scryptN?: number;
}

/** The keys alone: enough to sign in the party's name while its node is running. */
export const openPartyKeys = ({ dataDir, ...options }: PartyKeysOptions): Promise<KeyStore> =>
  openFileKeyStore({ path: join(dataDir, 'keys.json'), ...options });
