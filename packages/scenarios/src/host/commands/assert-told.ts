import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { EVERYONE } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import type { Decided, Deciding } from './decide.ts';

/**
 * Whom a command makes a party is in the channel: whoever is not could neither check the payload nor find the line. Only
 * who is given a credential may be somebody else, who brings it along later; and those who were parties before stay it.
 * @throws AppError party_unknown, with a JSON pointer to the first that is none
 */
export function assertTold(
  { view }: Pick<HostParts, 'view'>,
  { channel, data }: Pick<Deciding, 'channel' | 'data'>,
  { events, effects }: Pick<Decided, 'events' | 'effects'>,
): void {
  const holders = new Set(effects.flatMap((one) => (one.kind === 'issue' ? [one.grant.subject] : [])));
  const told = new Set(events.flatMap(({ parties }) => parties));
  for (const party of told) {
    if (party === EVERYONE || holders.has(party) || view.isIn(channel, party)) continue;
    const field = pointerTo(data, party);
    if (field !== undefined) throw fail('party_unknown', { field, extra: { party, channel } });
  }
}

/** Where a text stands in data (RFC 6901); undefined where it does not. */
function pointerTo(data: JsonValue | undefined, text: string): string | undefined {
  if (data === text) return '';
  if (typeof data !== 'object' || data === null) return undefined;
  for (const [name, value] of Object.entries(data)) {
    const rest = pointerTo(value, text);
    if (rest !== undefined) return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}${rest}`;
  }
  return undefined;
}
