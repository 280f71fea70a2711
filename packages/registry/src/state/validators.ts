import type { StateReader, ValidatorSource } from '@attestel/ledger';
import type { Validator } from '../types.ts';
import { collection, REGISTRY_MODULE } from './collections.ts';

/** By DID of the member; power 0 once it has no vote any more. */
export const validators = collection<Validator>('validator/');
/** Hex of a consensus key → DID of the member it is or was of. */
export const validatorKeys = collection<string>('validator-key/');

export const activeValidators = (state: StateReader): readonly Validator[] =>
  validators.list(state).filter(({ power }) => power > 0);

/** Validators for the engine that orders the ledger (driver `cometbft`), as members decided. */
export const registryValidators: ValidatorSource = {
  current: (read) =>
    activeValidators(read(REGISTRY_MODULE)).map(({ key, power }) => ({ publicKey: key, power })),
  changes({ module, type, data }) {
    if (module !== REGISTRY_MODULE || type !== 'validator.set') return [];
    const { key, power, replaced } = data as unknown as Validator & { readonly replaced: Uint8Array | null };
    const set = { publicKey: key, power };
    return replaced ? [{ publicKey: replaced, power: 0 }, set] : [set];
  },
};
