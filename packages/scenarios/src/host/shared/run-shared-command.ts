import { type CborValue, fromHex, type JsonValue, toHex } from '@attestel/core';
import {
  buildLine,
  createEventLines,
  type DecidedEvent,
  deciderContextOf,
  digestOf,
  runDecider,
  sharedTokens,
} from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { Module } from '../../module/module.ts';
import { commandOf } from '../../module/run-command.ts';
import { VALIDITY_SECONDS } from '../commands/build-line-of.ts';
import type { RunAnswer, RunRequest } from '../commands/run-contract-command.ts';
import { translated } from '../commands/submit-line.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { nowOf } from '../queries/read-objects.ts';
import { credentialsToShow } from './credentials-to-show.ts';
import { ANY_WRITER, createModuleDecider, eventOf, type SharedPayload } from './module-decider.ts';
import { sharedObject } from './shared-objects.ts';
import { nameOfShown } from './shown-credentials.ts';

export interface SharedRun {
  readonly request: RunRequest;
  readonly module: Module;
  readonly digest: string;
  readonly id: string;
  /** Objects that it moves, `id` first. */
  readonly ids: readonly string[];
}

/**
 * Submits a command for all nodes to execute. It is tried here first, so that most refusals cost no line; what counts
 * is what the nodes say. @throws AppError as `runContractCommand`
 */
export async function runSharedCommand(parts: HostParts, run: SharedRun): Promise<RunAnswer> {
  const { request, module, digest, id, ids } = run;
  const { channel, actor } = request;
  const party = parts.party.did;
  // Nodes see who wrote the line, and nobody behind it.
  if (actor !== party) throw fail('permission_denied', { extra: { actor } });
  const heads = ids.map((one) => headOf(parts, run, one));
  const { payload, events } = await decideHere(parts, run, heads);
  const salt = parts.random.bytes(32);
  const operation = await buildLine({
    network: parts.ledger.network,
    channel,
    actor: party,
    notAfter: nowOf(parts) + VALIDITY_SECONDS,
    signers: parts.party.signers,
    heads,
    ...sharedTokens(channel, module.name, events),
    moduleDigest: fromHex(digest),
    digest: digestOf(payload as unknown as JsonValue, salt),
    shared: { salt, payload: payload as unknown as { [field: string]: CborValue } },
  });
  const [result] = await parts.ledger.submit([operation]);
  if (!result || (!result.ok && result.error.kind === 'unavailable')) throw fail('outcome_unknown');
  if (!result.ok) throw translated(result.error);
  const line = toHex(operation.id);
  const time = parts.view.line(channel, line)?.time ?? nowOf(parts);
  // As the nodes decided, on roles and time of the line; a node that follows others may not have it yet.
  const done = createEventLines(parts.ledger).events(channel, operation.id) ?? events;
  return { id, line, index: result.index, time, events: done.map(eventOf) };
}

type Head = ReturnType<typeof headOf>;

function headOf(parts: HostParts, { request, module, id }: SharedRun, object: string) {
  const ref = refOfObject(module.name, object);
  const head = parts.view.head(request.channel, ref);
  const present = head && toHex(head.line);
  if (object === id && request.head !== undefined && request.head !== present)
    throw fail('head_conflict', { field: '/head', ...(present && { extra: { head: present } }) });
  return { ref, prevHead: head?.line ?? null, rule: head ? null : ANY_WRITER };
}

interface Decided {
  readonly payload: SharedPayload;
  readonly events: readonly DecidedEvent[];
}

/** Everybody reads what a line shows: it shows those credentials alone that the command's rules look at. */
async function decideHere(parts: HostParts, run: SharedRun, heads: readonly Head[]): Promise<Decided> {
  const { request, module } = run;
  const payload = payloadOf(parts, run);
  const shown = await credentialsToShow(parts, module, request);
  const used = new Set<string>();
  const { events } = tryOut(parts, run, {
    heads,
    payload: { ...payload, credentials: [...shown] },
    onUsed: (name) => used.add(name),
  });
  return { payload: { ...payload, credentials: shown.filter((one) => used.has(nameOfShown(one))) }, events };
}

/** What the command looks at stands in it, with the line at which this party saw it. */
function payloadOf(parts: HostParts, { request, module, id, ids }: SharedRun): SharedPayload {
  const { channel, command, data } = request;
  const kept = sharedObject(parts.ledger, { channel, module: module.name, id });
  const state = kept?.state as JsonValue | undefined;
  const reads = (commandOf(module, command).reads?.({ state, data }) ?? []).map((name) => {
    const head = parts.view.head(channel, refOfObject(name.module, name.id));
    return { module: name.module, id: name.id, head: head ? toHex(head.line) : null };
  });
  return { command, id, data, objects: [...ids], reads, credentials: [] };
}

interface Trial {
  readonly heads: readonly Head[];
  readonly payload: SharedPayload;
  readonly onUsed: (credential: string) => void;
}

function tryOut(
  parts: HostParts,
  { request: { channel }, module, ids }: SharedRun,
  { heads, payload, onUsed }: Trial,
) {
  const { ledger, party } = parts;
  return runDecider(createModuleDecider(module, onUsed), {
    heads: heads.map(({ ref, rule }) => ({ ref: toHex(ref), rule: rule && { ...rule, keys: [] } })),
    states: ids.map((one) => sharedObject(ledger, { channel, module: module.name, id: one })),
    command: payload as unknown as { [field: string]: CborValue },
    context: deciderContextOf({
      ...{ channel, actor: party.did, height: ledger.head().height, time: nowOf(parts) },
      read: (name) => ledger.state(name),
      signedBy: (did) => did === party.did,
    }),
  });
}
