import { type JsonValue, toHex, unixSeconds } from '@attestel/core';
import { encodeOperation } from '@attestel/ledger';
import { fail } from '../../errors.ts';
import type { Command, Module, ModuleEvent } from '../../module/module.ts';
import { commandOf } from '../../module/run-command.ts';
import { validatorOf } from '../../module/schemas.ts';
import { proveAuthor } from '../blind/author-proof.ts';
import { ensureCommonActor } from '../blind/share-common-actor.ts';
import { cosigned } from '../cosign/collect-cosignatures.ts';
import type { HostParts } from '../host-parts.ts';
import { commitmentOf } from '../payload/commitment-of.ts';
import { objectId } from '../payload/payload.schema.ts';
import { ensureChannelKey } from '../share-channel-key.ts';
import { runSharedCommand } from '../shared/run-shared-command.ts';
import { isShared } from '../shared/shared-objects.ts';
import { objectKeyName } from '../store/object-rows.ts';
import { payloadKeyName, sealKept } from '../store/payload-records.ts';
import { writePrepared } from '../store/prepared-records.ts';
import { assertTold } from './assert-told.ts';
import { buildLineOf } from './build-line-of.ts';
import { buildPayload } from './build-payload.ts';
import { decide } from './decide.ts';
import { assertCurrent, type LoadedObject, loadObject, loadSeen, readOf } from './load-objects.ts';
import { credentialTypesOf } from './standing.ts';
import { settlePrepared, submitLine } from './submit-line.ts';

export interface RunRequest {
  readonly channel: string;
  /** Digest in hex, or `name@version`. */
  readonly module: string;
  readonly command: string;
  /** Object: 32 hex digits; absent where the command begins one. */
  readonly id?: string | undefined;
  /** Line, in hex, that whoever asks takes for the object's last. */
  readonly head?: string | undefined;
  readonly data: JsonValue;
  /** Who asks, already authenticated: the party, or somebody who acts for it. */
  readonly actor: string;
  /** Credentials that came with the request, beside those that this node keeps. */
  readonly presented?: readonly string[];
}

export interface RunAnswer {
  readonly id: string;
  /** Id of the line, hex: head of the object from now on. */
  readonly line: string;
  /** Place of the line in the log. */
  readonly index: number;
  /** Block time, unix seconds. */
  readonly time: number;
  readonly events: readonly ModuleEvent[];
}

/**
 * Runs a command for the party of this host: decides, writes the line, keeps and sends the payload. A refused one
 * leaves nothing. @throws AppError as `runCommand`; head_conflict, payload_missing, disputed, outcome_unknown, and
 * what the ledger says
 */
export async function runContractCommand(parts: HostParts, request: RunRequest): Promise<RunAnswer> {
  const { digest, module } = parts.modules.find(request.module);
  const command = commandOf(module, request.command);
  // `objects` of the command may rely on its schema.
  validatorOf(command.schema)(request.data);
  const id = objectOf(parts, command, request.id);
  const ids = [...new Set([id, ...(command.objects?.(request.data) ?? [])])];
  for (const one of ids)
    if (!objectId.safeParse(one).success) throw fail('invalid_argument', { field: '/id' });
  const keys = ids.map((one) => `${request.channel}|${module.name}|${one}`);
  if (isShared(parts.ledger, request.channel, digest))
    return parts.lock.run(keys, () => runSharedCommand(parts, { request, module, digest, id, ids }));
  return parts.lock.run(keys, () => runAlone(parts, { request, module, digest, command, id, ids }));
}

function objectOf({ random }: HostParts, { on }: Command, id: string | undefined): string {
  if (id !== undefined) return id;
  if (on === 'existing') throw fail('invalid_argument', { field: '/id' });
  return toHex(random.bytes(16));
}

interface Run {
  readonly request: RunRequest;
  readonly module: Module;
  readonly digest: string;
  readonly command: Command;
  readonly id: string;
  readonly ids: readonly string[];
}

async function runAlone(parts: HostParts, run: Run): Promise<RunAnswer> {
  const { request, module, digest, command, id, ids } = run;
  const { channel, actor, data } = request;
  const party = parts.party.did;
  const head = parts.ledger.head();
  const time = Math.max(unixSeconds(parts.clock), head.time);
  if (!parts.view.mayWrite(channel, party, time)) throw fail('permission_denied');
  if (parts.unclear.size > 0) await settlePrepared(parts, [...parts.unclear]);
  const objects = ids.map((one) => loadObject(parts, channel, module.name, one));
  for (const object of objects) assertCurrent(parts, object, object.id === id ? request.head : undefined);
  const states = statesOf(objects);
  const seen = (command.reads?.({ state: states.get(id), data }) ?? []).map((name) =>
    loadSeen(parts, channel, name),
  );
  const jwts = [
    ...(await parts.credentials.presentedFor(actor, party, channel)),
    ...(request.presented ?? []),
  ];
  const types = credentialTypesOf(module);
  const held = await parts.credentials.verify(jwts, { channel, moment: { index: head.size, time }, types });
  const deciding = {
    ...{ module, channel, command: request.command, id, data, party, actor, time, held, states },
    roles: parts.view.rolesOf(party),
    read: readOf(seen),
  };
  const decided = decide(deciding);
  assertTold(parts, deciding, decided);
  // What is not allowed anyway waits for nobody's keys.
  if (module.blind) await ensureCommonActor(parts, channel);
  if (decided.events.some(hasTokens)) await ensureChannelKey(parts, channel);
  const built = await buildPayload(parts, { module: digest, deciding, decided, objects, seen });
  const proof = module.blind && (await proveAuthor(parts, commitmentOf(built)));
  const kept = proof ? { ...built, proof } : built;
  const own = await buildLineOf(parts, { module, channel, kept, objects, states: decided.states });
  const operation = await cosigned(parts, { channel, operation: own, kept, objects });
  const line = toHex(operation.id);
  const news = objects.filter(({ row }) => !row);
  await parts.vault.make([
    payloadKeyName(line),
    ...news.map((one) => objectKeyName({ channel, module: module.name, id: one.id }, 0)),
  ]);
  const record = {
    channel,
    operation: encodeOperation(operation),
    notAfter: operation.payload.notAfter,
    sealed: sealKept(parts.vault, line, kept),
  };
  await parts.store
    .transact((writer) => writePrepared(writer, line, record))
    .catch((cause: unknown) => {
      // It may be there all the same, and then goes to the ledger when the host opens, or before.
      parts.unclear.add(line);
      throw fail('outcome_unknown', { cause });
    });
  const known = new Map(objects.flatMap(({ id: one, stored }) => (stored ? [[one, stored] as const] : [])));
  const onLedger = await submitLine(parts, operation, { ...record, kept, known });
  return {
    id,
    line,
    index: parts.view.indexOf(line) ?? 0,
    time: onLedger.time,
    events: decided.events,
  };
}

type Keys = { readonly [list in 'unique' | 'hold' | 'release']?: readonly string[] | undefined };

export const hasTokens = ({ unique = [], hold = [], release = [] }: Keys): boolean =>
  unique.length + hold.length + release.length > 0;

export const statesOf = (objects: readonly LoadedObject[]): ReadonlyMap<string, JsonValue> =>
  new Map(objects.flatMap(({ id, row }) => (row ? [[id, row.state] as const] : [])));
