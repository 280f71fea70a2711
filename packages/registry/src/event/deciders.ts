import { type Bytes, toHex } from '@attestel/core';
import { CHANNEL_MODULE, readChannel } from '../channels/records.ts';
import { fail } from '../errors.ts';
import type { ReadModule } from '../state/as-it-stands.ts';
import { type Decider, moduleDigestOf } from './decider.ts';

/** Modules that a node can execute, by digest. */
export type Deciders = ReadonlyMap<string, Decider>;

/** @throws TypeError where two have one declaration */
export function createDeciders(list: readonly Decider[]): Deciders {
  const deciders = new Map(list.map((decider) => [toHex(moduleDigestOf(decider.declaration)), decider]));
  if (deciders.size !== list.length) throw new TypeError('event: two modules with one declaration');
  return deciders;
}

/**
 * The decider of a shared payload. A module says which way it may run, the channel which way it does.
 * @throws AppError line_module_unknown, line_execution
 */
export function sharedDecider(
  deciders: Deciders,
  read: ReadModule,
  { ns, digest }: { readonly ns: string; readonly digest: Bytes },
): Decider {
  const decider = deciders.get(toHex(digest));
  if (!decider) throw fail('line_module_unknown', { field: '/moduleDigest' });
  if (!isShared(read, ns, digest) || !decider.declaration.execution.includes('shared')) {
    throw fail('line_execution', { field: '/moduleDigest' });
  }
  return decider;
}

/** Refuses to take on trust what every node could check. @throws AppError line_execution */
export function assertMayBePrivate(
  deciders: Deciders,
  read: ReadModule,
  { ns, digest }: { readonly ns: string; readonly digest: Bytes },
): void {
  const execution = deciders.get(toHex(digest))?.declaration.execution ?? ['private'];
  if (isShared(read, ns, digest) || !execution.includes('private')) {
    throw fail('line_execution', { field: '/moduleDigest' });
  }
}

const isShared = (read: ReadModule, ns: string, digest: Bytes): boolean =>
  readChannel(read(CHANNEL_MODULE), ns)?.shared.some((one) => toHex(one) === toHex(digest)) ?? false;
