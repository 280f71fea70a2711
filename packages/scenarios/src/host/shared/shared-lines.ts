import { fromHex, type JsonValue, toHex } from '@attestel/core';
import { createEventLines } from '@attestel/registry';
import { sorted } from '../commands/rule-of.ts';
import type { HostParts } from '../host-parts.ts';
import { type LoggedLine, loggedLine } from '../logged-line.ts';
import type { Payload } from '../payload/payload.schema.ts';
import { eventOf, type SharedPayload } from './module-decider.ts';

/** A line that every node executed, told like one of the party's own. */
export interface SharedLine {
  readonly channel: string;
  readonly payload: Payload;
  /** Hex. */
  readonly salt: string;
  /** What the line commits to: the rest of the payload is what nodes made of it. */
  readonly committed: SharedPayload;
}

type Reading = Pick<HostParts, 'ledger' | 'view'>;

/** From the log and the state of this node; undefined where the log has no such line, or its parties decide on it. */
export function sharedLine(parts: Reading, line: string): SharedLine | undefined {
  const logged = loggedLine(parts.ledger, line);
  if (!logged?.body.shared) return undefined;
  const { channel } = logged;
  const onLedger = parts.view.line(channel, line);
  const events = createEventLines(parts.ledger).events(channel, fromHex(line));
  if (!onLedger?.moduleDigest || !events) return undefined;
  const module = toHex(onLedger.moduleDigest);
  const payload = payloadOf(logged, { module, at: onLedger.time, events: events.map(eventOf) });
  // Deciders that are no modules of the host have payloads of their own.
  const { salt, payload: committed } = logged.body.shared;
  return payload && { channel, payload, salt: toHex(salt), committed: committed as unknown as SharedPayload };
}

function payloadOf(
  { actor, body }: LoggedLine,
  { module, at, events }: { module: string; at: number; events: readonly ReturnType<typeof eventOf>[] },
): Payload | undefined {
  const said = body.shared?.payload as unknown as Partial<SharedPayload> | undefined;
  if (said?.command === undefined || said.id === undefined || !said.objects || !said.reads) return undefined;
  const { command, id, data = null, objects, reads } = said;
  return {
    ...{ v: 1, module, command, id, data: data as JsonValue, party: actor, actor, at },
    parties: [...sorted([actor, ...events.flatMap((event) => event.parties)])],
    ...{ reads, credentials: [], issued: [], revoked: [] },
    objects: objects.map((object, i) => {
      const prevHead = body.heads[i]?.prevHead ?? null;
      return { id: object, prevHead: prevHead && toHex(prevHead) };
    }),
    events: events as unknown as Payload['events'],
  };
}
