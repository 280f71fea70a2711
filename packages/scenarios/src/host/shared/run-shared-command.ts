import { type Bytes, type CborValue, fromHex, type JsonValue, toHex } from '@attestel/core';
import { buildLine, digestOf, type Rule, runDecider, tokenOf } from '@attestel/registry';
import { fail } from '../../errors.ts';
import { createModuleDecider, type SharedPayload } from '../../module/decider.ts';
import type { Module, ModuleEvent } from '../../module/module.ts';
import { VALIDITY_SECONDS } from '../commands/build-line-of.ts';
import type { RunAnswer, RunRequest } from '../commands/run-contract-command.ts';
import { translated } from '../commands/submit-line.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { nowOf } from '../queries/read-objects.ts';
import { sharedObject, sharedTokenKey } from './shared-objects.ts';

/** The module alone says who may do what. */
const ANY_WRITER: Rule = { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] };

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
  const { channel, command, data, actor } = request;
  const party = parts.party.did;
  // Nodes see who wrote the line, and nobody behind it.
  if (actor !== party) throw fail('permission_denied', { extra: { actor } });
  const heads = ids.map((one) => headOf(parts, run, one));
  const payload: SharedPayload = { command, id, data, objects: [...ids] };
  const time = nowOf(parts);
  const { events } = runDecider(createModuleDecider(module), {
    states: ids.map((one) => sharedObject(parts.ledger, { channel, module: module.name, id: one })),
    command: payload as unknown as { [field: string]: CborValue },
    context: {
      channel,
      actor: party,
      height: parts.ledger.head().height,
      time,
      signedBy: (did) => did === party,
    },
  });
  const made = events.map(({ type, data: said }) => {
    const { id: object, ...event } = said as unknown as Omit<ModuleEvent, 'type'> & { id: string };
    return { type, object, ...event };
  });
  const salt = parts.random.bytes(32);
  const operation = await buildLine({
    network: parts.ledger.network,
    channel,
    actor: party,
    notAfter: time + VALIDITY_SECONDS,
    signers: parts.party.signers,
    heads,
    ...tokensOf(module, channel, made),
    moduleDigest: fromHex(digest),
    digest: digestOf(payload as unknown as JsonValue, salt),
    shared: { salt, payload: payload as unknown as { [field: string]: CborValue } },
  });
  const [result] = await parts.ledger.submit([operation]);
  if (!result || (!result.ok && result.error.kind === 'unavailable')) throw fail('outcome_unknown');
  if (!result.ok) throw translated(result.error);
  const line = toHex(operation.id);
  return { id, line, index: result.index, time: parts.view.line(channel, line)?.time ?? time, events: made };
}

function headOf(parts: HostParts, { request, module, id }: SharedRun, object: string) {
  const ref = refOfObject(module.name, object);
  const head = parts.view.head(request.channel, ref);
  const present = head && toHex(head.line);
  if (object === id && request.head !== undefined && request.head !== present)
    throw fail('head_conflict', { field: '/head', ...(present && { extra: { head: present } }) });
  return { ref, prevHead: head?.line ?? null, rule: head ? null : ANY_WRITER };
}

function tokensOf({ name }: Module, channel: string, events: readonly ModuleEvent[]) {
  const key = sharedTokenKey(channel);
  const of = (kind: 'unique' | 'hold' | 'release'): readonly Bytes[] =>
    [...new Set(events.flatMap((event) => event[kind] ?? []))].map((one) => tokenOf(key, name, one));
  return { unique: of('unique'), hold: of('hold'), release: of('release') };
}
