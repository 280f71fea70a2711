import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { nameSkeleton } from '../rules/display-name.ts';
import type { DisplayName } from '../types.ts';

const keysOf = (name: DisplayName): string[] => [
  ...new Set([name['zh-CN'], name.en].map((text) => `app-name/${nameSkeleton(text)}`)),
];

/** Gives the app its names, in both languages, unless another active app has one that looks the same. */
export function claimNames(state: State, clientId: string, name: DisplayName): void {
  for (const key of keysOf(name)) {
    const owner = state.get(key);
    if (owner !== undefined && owner !== clientId) throw fail('registry_name_taken', { field: '/name' });
    state.put(key, clientId);
  }
}

export function releaseNames(state: State, name: DisplayName): void {
  for (const key of keysOf(name)) state.delete(key);
}
