import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Stay } from '../../kinds/asset.ts';
import { instantOf, instantText } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import { validatorOf } from '../../module/schemas.ts';
import { INSTANT, list, oneOf, shape, text } from '../../module/shapes.ts';
import type { DeviceRecord } from './device-facts.ts';

export const EPCIS_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

/** Business step, disposition (GS1 CBV 2.0) and action of a status. Pairs are distinct, so that they are read back. */
const STEPS = {
  procured: ['commissioning', 'inactive', 'ADD'],
  received: ['receiving', 'in_progress', 'OBSERVE'],
  mounted: ['installing', 'active', 'OBSERVE'],
  inService: ['other', 'active', 'OBSERVE'],
  repair: ['repairing', 'needs_replacement', 'OBSERVE'],
  dismounted: ['removing', 'inactive', 'OBSERVE'],
  retired: ['decommissioning', 'destroyed', 'DELETE'],
} as const;
type Status = keyof typeof STEPS;

const uriOf = (id: string): string => `urn:attestel:device.item:${id}`;
const siteUri = (site: string): string => `urn:attestel:site:${encodeURIComponent(site)}`;

/**
 * EPCIS 2.0 document: an ObjectEvent for each status a device had, an AssociationEvent for each time it came into a slot or
 * out of it, by time. @param created RFC 3339
 */
export function toEpcis(devices: readonly DeviceRecord[], created: string): JsonObject {
  const events = devices.flatMap((device) => [...objectEvents(device), ...associationEvents(device)]);
  const eventList = events.sort((a, b) =>
    a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0,
  );
  return {
    '@context': EPCIS_CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: created,
    epcisBody: { eventList },
  };
}

type Event = JsonObject & { readonly eventTime: string };

const at = (time: number) => ({ eventTime: instantText(time), eventTimeZoneOffset: '+00:00' });

function objectEvents({ id, state: { steps, facts } }: DeviceRecord): Event[] {
  const moves = steps.filter((step, i) => step.status !== steps[i - 1]?.status);
  return moves.flatMap(({ status, time }) => {
    const step = Object.hasOwn(STEPS, status) ? STEPS[status as Status] : undefined;
    if (!step) return [];
    const [bizStep, disposition, action] = step;
    const where = { readPoint: { id: siteUri(facts.site) }, bizLocation: { id: siteUri(facts.site) } };
    return [
      { type: 'ObjectEvent', ...at(time), epcList: [uriOf(id)], action, bizStep, disposition, ...where },
    ];
  });
}

const associationEvents = ({ id, state: { stays } }: DeviceRecord): Event[] =>
  stays.flatMap((stay) => [
    association(id, stay, { action: 'ADD', bizStep: 'installing', time: stay.from }),
    ...(stay.until === null
      ? []
      : [association(id, stay, { action: 'DELETE', bizStep: 'removing', time: stay.until })]),
  ]);

const association = (
  id: string,
  { parent, slot }: Stay,
  { action, bizStep, time }: { readonly action: string; readonly bizStep: string; readonly time: number },
): Event => ({
  ...{ type: 'AssociationEvent', ...at(time), parentID: uriOf(parent), childEPCs: [uriOf(id)] },
  ...{ action, bizStep, readPoint: { id: `${uriOf(parent)}:${encodeURIComponent(slot)}` } },
});

const PLACE = shape({ id: text(256) });
const OFFSET = { type: 'string', pattern: '^[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00)$' };
const ACTION = oneOf('ADD', 'OBSERVE', 'DELETE');
const EPCS = list(text(256), 1, 1);
const WHEN = { eventTime: INSTANT, eventTimeZoneOffset: OFFSET, action: ACTION, bizStep: text(64) };

const OBJECT_EVENT = shape({
  ...{ type: oneOf('ObjectEvent'), ...WHEN, epcList: EPCS, disposition: text(64) },
  ...{ readPoint: PLACE, bizLocation: PLACE },
});
const ASSOCIATION_EVENT = shape({
  ...{ type: oneOf('AssociationEvent'), ...WHEN, parentID: text(256), childEPCs: EPCS, readPoint: PLACE },
});
const DOCUMENT = shape({
  '@context': oneOf(EPCIS_CONTEXT),
  type: oneOf('EPCISDocument'),
  schemaVersion: oneOf('2.0'),
  creationDate: INSTANT,
  epcisBody: shape({ eventList: list({ type: 'object' }, 1_000_000) }),
});

/** What happened to a device, by a partner's document. */
export type DeviceMove =
  | { readonly id: string; readonly time: number; readonly status: string }
  | {
      readonly id: string;
      readonly time: number;
      readonly parent: string;
      readonly slot: string;
      readonly into: boolean;
    };

/**
 * Moves in a document of the shape that `toEpcis` writes; other events, members and vocabulary are refused.
 * @throws AppError invalid_argument with a pointer
 */
export function fromEpcis(document: JsonValue): readonly DeviceMove[] {
  validatorOf(DOCUMENT)(document);
  const { epcisBody } = document as unknown as { epcisBody: { eventList: readonly JsonObject[] } };
  return epcisBody.eventList.map((event, i) => {
    const pointer = `/epcisBody/eventList/${i}`;
    return event.type === 'AssociationEvent' ? associated(event, pointer) : moved(event, pointer);
  });
}

function moved(event: JsonObject, pointer: string): DeviceMove {
  validatorOf(OBJECT_EVENT)(event, pointer);
  const { bizStep, disposition, action, eventTime, epcList } = event as unknown as ObjectEvent;
  const found = Object.entries(STEPS).find(
    ([, step]) => step.join() === [bizStep, disposition, action].join(),
  );
  if (!found) throw fail('invalid_argument', { field: `${pointer}/bizStep` });
  return {
    ...{ id: idOf(epcList[0], `${pointer}/epcList/0`), status: found[0] },
    time: instantOf(eventTime, `${pointer}/eventTime`),
  };
}

interface ObjectEvent {
  readonly bizStep: string;
  readonly disposition: string;
  readonly action: string;
  readonly eventTime: string;
  readonly epcList: readonly [string];
}

function associated(event: JsonObject, pointer: string): DeviceMove {
  validatorOf(ASSOCIATION_EVENT)(event, pointer);
  const { action, eventTime, parentID, childEPCs, readPoint } = event as unknown as AssociationEvent;
  if (action === 'OBSERVE') throw fail('invalid_argument', { field: `${pointer}/action` });
  const parent = idOf(parentID, `${pointer}/parentID`);
  const slot = readPoint.id.startsWith(`${parentID}:`)
    ? decoded(readPoint.id.slice(parentID.length + 1))
    : '';
  if (slot === '') throw fail('invalid_argument', { field: `${pointer}/readPoint/id` });
  return {
    ...{ id: idOf(childEPCs[0], `${pointer}/childEPCs/0`), parent, slot, into: action === 'ADD' },
    time: instantOf(eventTime, `${pointer}/eventTime`),
  };
}

interface AssociationEvent {
  readonly action: string;
  readonly eventTime: string;
  readonly parentID: string;
  readonly childEPCs: readonly [string];
  readonly readPoint: { readonly id: string };
}

function idOf(uri: string, field: string): string {
  const [, id] = /^urn:attestel:device\.item:([0-9a-f]{32})$/.exec(uri) ?? [];
  if (id === undefined) throw fail('invalid_argument', { field });
  return id;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
