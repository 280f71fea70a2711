import { unixSeconds } from '@attestel/core';
import type { Module, Reader } from '../../module/module.ts';
import { credentialTypesOf, fits } from '../commands/standing.ts';
import { AGENT } from '../credentials/built-in-types.ts';
import type { HostParts } from '../host-parts.ts';

/** Who asks to read, already authenticated. */
export interface Asking {
  readonly actor: string;
  /** Organisation on whose behalf; absent: the actor itself. */
  readonly party?: string | undefined;
  readonly presented?: readonly string[];
}

/**
 * What a module's `visible` and `view` get to know of who asks. On behalf of another reads only the host's own party's
 * agent, or whoever shows that the party made it its agent; else it counts as itself.
 */
export async function readerOf(
  parts: HostParts,
  { channel, module, time }: { channel: string; module: Module; time: number },
  { actor, party = actor, presented = [] }: Asking,
): Promise<Reader> {
  const now = Math.max(unixSeconds(parts.clock), parts.ledger.head().time);
  const moment = { index: parts.ledger.head().size, time: now };
  const jwts = [...(await parts.credentials.presentedFor(actor, party, channel)), ...presented];
  const types = credentialTypesOf(module);
  const held = jwts.length === 0 ? [] : await parts.credentials.verify(jwts, { channel, moment, types });
  const isAgent = held.some(
    ({ type, subject, claims }) =>
      type === AGENT &&
      subject === actor &&
      claims.principal === party &&
      Array.isArray(claims.modules) &&
      claims.modules.includes(module.name),
  );
  const counts = actor === party || isAgent ? party : actor;
  const subjects = [actor, counts];
  return {
    channel,
    party: counts,
    actor,
    roles: parts.view.rolesOf(counts),
    time,
    holds: (type, match) =>
      held.find((one) => one.type === type && subjects.includes(one.subject) && fits(one.claims, match))
        ?.claims,
  };
}
