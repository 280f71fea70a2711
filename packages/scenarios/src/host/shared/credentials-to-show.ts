import { type CborValue, fromHex, toHex } from '@attestel/core';
import type { Module } from '../../module/module.ts';
import { CREDENTIAL_OBJECTS } from '../commands/build-payload.ts';
import type { RunRequest } from '../commands/run-contract-command.ts';
import { tryParseVc } from '../credentials/prove-credential.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { MAX_CREDENTIALS } from '../payload/payload.schema.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import type { ShownCredential } from './shown-credentials.ts';

/**
 * Of the credentials that this party keeps, or that came with the request: those of types that the module asks for and
 * whose giving it can open to all.
 */
export async function credentialsToShow(
  parts: HostParts,
  module: Module,
  { channel, actor, presented = [] }: Pick<RunRequest, 'channel' | 'actor' | 'presented'>,
): Promise<readonly ShownCredential[]> {
  if (Object.keys(module.credentials).length === 0) return [];
  const kept = await parts.credentials.presentedFor(actor, parts.party.did, channel);
  const all = [...new Set([...kept, ...presented])].flatMap((jwt) => shownOf(parts, module, jwt) ?? []);
  return all.slice(0, MAX_CREDENTIALS);
}

function shownOf(parts: HostParts, module: Module, jwt: string): ShownCredential | undefined {
  const vc = tryParseVc(jwt)?.vc;
  if (!vc?.status || !Object.hasOwn(module.credentials, vc.type)) return undefined;
  const { channel, ref } = vc.status;
  const line = parts.view.lineAt(channel, fromHex(ref), 1);
  const sealed = line === undefined ? undefined : readPayloadRecord(parts.store, line)?.sealed;
  if (line === undefined || !sealed) return undefined;
  const { payload, salt } = openKept(parts.vault, line, sealed);
  const given = payload.issued.find(({ id }) => toHex(refOfObject(CREDENTIAL_OBJECTS, id)) === ref);
  return (
    given && { channel, id: given.id, salt, payload: payload as unknown as { [field: string]: CborValue } }
  );
}
