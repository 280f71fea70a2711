import type { Signer } from '@attestel/core';
import type { KeyAlgorithm, KeyRef, KeyStore } from '@attestel/keystore';
import { fail } from '../errors.ts';

/**
 * Name of a control key: `<prefix>/control-<version>`, where the version is the one that the key makes.
 * Further keys of the same version end in `.2`, `.3` and so on. Whoever knows the newest version of a DID
 * so knows which keys to show, also after a crash at any point.
 */
export const controlKeyRef = (prefix: string, version: number, number = 1): KeyRef =>
  `${prefix}/control-${version}${number === 1 ? '' : `.${number}`}`;

/** This store's keys that make a version of a DID; empty when it holds none. */
export async function findControlKeys(
  keyStore: KeyStore,
  prefix: string,
  version: number,
): Promise<readonly Signer[]> {
  const signers: Signer[] = [];
  for (;;) {
    const ref = controlKeyRef(prefix, version, signers.length + 1);
    const info = await keyStore.find(ref);
    if (info === undefined) return signers;
    if (info.purpose !== 'did-control') throw fail('control_keys_differ', { field: ref });
    signers.push(await keyStore.signer(ref));
  }
}

/**
 * Makes the keys for a version. Those that an attempt before left are taken: its operation may still be
 * executed, and then exactly they are in control. @throws AppError control_keys_differ when it made another number
 */
export async function ensureControlKeys(
  keyStore: KeyStore,
  request: {
    readonly prefix: string;
    readonly version: number;
    readonly count: number;
    readonly algorithm: Extract<KeyAlgorithm, 'EdDSA' | 'ES256'>;
  },
): Promise<readonly Signer[]> {
  const { prefix, version, count, algorithm } = request;
  const known = await findControlKeys(keyStore, prefix, version);
  if (known.length === count) return known;
  if (known.length > 0) throw fail('control_keys_differ', { extra: { known: known.length } });
  for (let number = 1; number <= count; number++) {
    const ref = controlKeyRef(prefix, version, number);
    await keyStore.generate({ purpose: 'did-control', algorithm, ref });
  }
  return findControlKeys(keyStore, prefix, version);
}
