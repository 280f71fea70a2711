import { createPublicKey, type KeyObject } from 'node:crypto';
import { ExternalSigningKey } from 'oidc-provider';
import type { BridgeKeyStore } from './key-port.ts';

/** A key that stays in the key store; oidc-provider sees its public half and asks for signatures. */
class StoredSigningKey extends ExternalSigningKey {
  readonly #algorithm: 'ES256' | 'RS256';
  readonly #publicKey: KeyObject;
  readonly #sign: (data: Uint8Array) => Promise<Uint8Array>;

  constructor(
    algorithm: 'ES256' | 'RS256',
    publicKey: KeyObject,
    sign: (data: Uint8Array) => Promise<Uint8Array>,
  ) {
    super();
    this.#algorithm = algorithm;
    this.#publicKey = publicKey;
    this.#sign = sign;
  }

  override get alg(): string {
    return this.#algorithm;
  }

  override keyObject(): KeyObject {
    return this.#publicKey;
  }

  override async sign(data: Uint8Array): Promise<Uint8Array> {
    return this.#sign(data);
  }
}

export async function createSigningKeys(
  keyStore: BridgeKeyStore,
  signing: readonly { readonly ref: string; readonly algorithm: 'ES256' | 'RS256' }[],
): Promise<ExternalSigningKey[]> {
  const keys: ExternalSigningKey[] = [];
  for (const { ref, algorithm } of signing) {
    const publicKey = createPublicKey({ format: 'jwk', key: { ...(await keyStore.publicJwk(ref)) } });
    keys.push(new StoredSigningKey(algorithm, publicKey, (data) => keyStore.sign(ref, data)));
  }
  return keys;
}
