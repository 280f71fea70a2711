import { type CborValue, fromHex, type JsonValue, utf8 } from '@attestel/core';
import { type Ledger, proofCrypto } from '@attestel/ledger';
import { createChannels, createEventLines, EVENT_MODULE } from '@attestel/registry';
import type { SharedObject } from '../../module/decider.ts';
import { refOfObject } from '../ledger-view.ts';

/** Whether the nodes execute the module in the channel. */
export function isShared(ledger: Pick<Ledger, 'head' | 'state'>, channel: string, digest: string): boolean {
  const found = createChannels(ledger, () => ledger.head().time).channel(channel);
  const wanted = fromHex(digest);
  return found?.shared.some((one) => one.every((byte, i) => byte === wanted[i])) ?? false;
}

/** State of an object as every node has it, with what names it there. */
export function sharedObject(
  ledger: Pick<Ledger, 'state'>,
  { channel, module, id }: { channel: string; module: string; id: string },
): SharedObject | undefined {
  return createEventLines(ledger).object(channel, refOfObject(module, id)) as SharedObject | undefined;
}

/** All objects of a module in a channel, in the order of their ids. */
export function listSharedObjects(
  ledger: Pick<Ledger, 'state'>,
  { channel, module }: { channel: string; module: string },
): readonly { readonly id: string; readonly state: JsonValue }[] {
  const all = Array.from(ledger.state(EVENT_MODULE).list(`${channel}|state|`), ([, value]) => value);
  return all
    .filter(isObject)
    .filter((one) => one.module === module)
    .map(({ id, state }) => ({ id, state: state as JsonValue }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

// Other deciders of the channel keep what they like.
const isObject = (value: CborValue): value is SharedObject =>
  typeof value === 'object' && value !== null && 'module' in value && 'id' in value && 'state' in value;

/**
 * Key of the tokens of shared modules: no secret, since their payloads stand in the log. So every node can make them.
 */
export const sharedTokenKey = (channel: string) =>
  proofCrypto.sha256(utf8(`attestel/shared-tokens/v1\n${channel}`));
