import type { Bytes } from '@attestel/core';

/** What the bridge needs of a key store; `@attestel/keystore` has it. */
export interface BridgeKeyStore {
  find(ref: string): Promise<unknown>;
  generate(request: {
    purpose: 'derivation' | 'token';
    algorithm: 'HS256' | 'ES256' | 'RS256';
    ref: string;
  }): Promise<unknown>;
  publicJwk(ref: string): Promise<Readonly<Record<string, string>>>;
  sign(ref: string, message: Bytes): Promise<Bytes>;
  mac(ref: string, message: Bytes): Promise<Bytes>;
}
