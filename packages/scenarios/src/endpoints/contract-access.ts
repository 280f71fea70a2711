import { type Clock, unixSeconds } from '@attestel/core';
import { type Channels, isChannelName, MAIN_CHANNEL } from '@attestel/registry';
import { fail } from '../errors.ts';
import { allCredentialTypes } from '../host/credentials/credential-module.ts';
import type { Credentials } from '../host/ports.ts';
import type { JsonObject, Module, Reader } from '../module/module.ts';
import { validatorOf } from '../module/schemas.ts';

export interface AccessOptions {
  readonly channels: Pick<Channels, 'isReadable'>;
  readonly credentials: Pick<Credentials, 'presentedFor'>;
}

/**
 * Whether somebody has to do with a channel: reads it, or is a person, device or agent of whom this node keeps a
 * credential that may count there. What it may do there, modules decide. An unknown channel is as a foreign one.
 */
export async function hasToDoWith(
  { channels, credentials }: AccessOptions,
  channel: string,
  did: string,
): Promise<boolean> {
  if (channel !== MAIN_CHANNEL && !isChannelName(channel)) return false;
  if (channels.isReadable(channel, did)) return true;
  return (await credentials.presentedFor(did, did, channel)).length > 0;
}

export interface PresentedOptions {
  readonly credentials: Pick<Credentials, 'verify'>;
  readonly modules: readonly Module[];
  readonly clock: Clock;
}

/** Whether one of the credentials that somebody brings along is its own and counts in the channel now. */
export async function bringsOne(
  { credentials, modules, clock }: PresentedOptions,
  channel: string,
  { did, presented }: { readonly did: string; readonly presented: readonly string[] },
): Promise<boolean> {
  if (presented.length === 0) return false;
  const moment = { index: Number.MAX_SAFE_INTEGER, time: unixSeconds(clock) };
  const types = allCredentialTypes(modules);
  const held = await credentials.verify(presented, { channel, moment, types });
  return held.some(({ subject }) => subject === did);
}

/** @throws AppError permission_denied */
export async function assertOwnChannel(options: AccessOptions, channel: string, did: string): Promise<void> {
  if (!(await hasToDoWith(options, channel, did))) throw fail('permission_denied');
}

/** What a query says to a stranger: the same as where there is nothing. @throws AppError invalid_argument */
export function queryOfNothing(
  query: Module['queries'][string],
  args: JsonObject,
  { channel, did, clock }: { readonly channel: string; readonly did: string; readonly clock: Clock },
) {
  validatorOf(query.schema)(args);
  const time = unixSeconds(clock);
  const reader: Reader = { channel, party: did, actor: did, roles: [], time, holds: () => undefined };
  return query.run({ rows: [], args: args as never, reader, find: () => [], rowsOf: () => [] });
}
