import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { stayOf } from '../../kinds/asset-state.ts';
import { instantText } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import { validatorOf } from '../../module/schemas.ts';
import { list, oneOf, shape, text } from '../../module/shapes.ts';
import type { DeviceFacts } from '../modules/device-item.ts';
import { checkFacts, type DeviceRecord } from './device-facts.ts';

/** Status, administrative, operational and usage state of TMF639, by our status. */
const STATES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  procured: ['reserved', 'locked', 'disable', 'idle'],
  received: ['standby', 'locked', 'disable', 'idle'],
  mounted: ['standby', 'locked', 'enable', 'idle'],
  inService: ['available', 'unlocked', 'enable', 'active'],
  repair: ['alarm', 'locked', 'disable', 'idle'],
  dismounted: ['suspended', 'locked', 'disable', 'idle'],
  retired: ['suspended', 'shutdown', 'disable', 'idle'],
};
const UNKNOWN = ['unknown', 'locked', 'disable', 'idle'] as const;

/** Facts that TMF639 has no member for. */
const CHARACTERISTICS = ['vendor', 'batch', 'model', 'level', 'province', 'city', 'tagKey', 'did'] as const;

/** A device as a resource of TMF639 v4, by the names of its members. */
export function toTmf639({ id, state }: DeviceRecord): JsonObject {
  const { facts, status, custodian, steps } = state;
  const [resourceStatus, administrativeState, operationalState, usageState] = STATES[status] ?? UNKNOWN;
  const stay = stayOf(state);
  const began = steps.find((step) => step.status === 'inService');
  const ended = steps.find((step) => step.status === 'retired');
  return {
    ...{ id, '@type': 'PhysicalResource', name: `${facts.vendor} ${facts.serial}`, category: facts.level },
    serialNumber: facts.serial,
    resourceSpecification: { id: facts.type },
    ...{ resourceStatus, administrativeState, operationalState, usageState },
    place: [{ id: facts.site, role: 'site', ...(facts.place ? { ...facts.place } : {}) }],
    relatedParty: [
      { id: custodian, role: 'custodian' },
      { id: facts.group, role: 'group' },
    ],
    resourceCharacteristic: CHARACTERISTICS.flatMap((name) => {
      const value = facts[name];
      return value === null ? [] : [{ name, value, valueType: 'string' }];
    }),
    resourceRelationship: stay
      ? [{ relationshipType: 'isContainedIn', resource: { id: stay.parent }, name: stay.slot }]
      : [],
    ...(began ? { startOperatingDate: instantText(began.time) } : {}),
    ...(ended ? { endOperatingDate: instantText(ended.time) } : {}),
  };
}

const REF = shape({ id: text(256) });
const OPTIONAL = [
  ...['id', 'resourceStatus', 'administrativeState', 'operationalState', 'usageState'],
  ...['resourceRelationship', 'startOperatingDate', 'endOperatingDate'],
];

/** Members that `fromTmf639` takes; those that are optional say what the register finds out by itself. */
const RESOURCE = shape(
  {
    id: text(64),
    '@type': oneOf('PhysicalResource'),
    name: text(200),
    category: text(32),
    serialNumber: text(64),
    resourceSpecification: REF,
    resourceStatus: text(32),
    administrativeState: text(32),
    operationalState: text(32),
    usageState: text(32),
    place: list(
      shape({ id: text(64), role: text(32), latitude: text(16), longitude: text(16) }, [
        'latitude',
        'longitude',
      ]),
      1,
      1,
    ),
    relatedParty: list(shape({ id: text(256), role: text(32) }), 8),
    resourceCharacteristic: list(shape({ name: text(32), value: text(256), valueType: oneOf('string') }), 16),
    resourceRelationship: list(shape({ relationshipType: text(32), resource: REF, name: text(64) }), 8),
    startOperatingDate: text(32),
    endOperatingDate: text(32),
  },
  OPTIONAL,
);

interface Resource {
  readonly category: string;
  readonly serialNumber: string;
  readonly resourceSpecification: { readonly id: string };
  readonly place: readonly [{ readonly id: string; readonly latitude?: string; readonly longitude?: string }];
  readonly relatedParty: readonly { readonly id: string; readonly role: string }[];
  readonly resourceCharacteristic: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Facts to register from a resource of TMF639. Status and containment come by the register's own commands, so they are
 * not taken from there. @throws AppError invalid_argument with a pointer below `at`
 */
export function fromTmf639(resource: JsonValue, at = ''): DeviceFacts {
  validatorOf(RESOURCE)(resource, at);
  const { category, serialNumber, resourceSpecification, ...rest } = resource as unknown as Resource;
  const values = new Map(rest.resourceCharacteristic.map(({ name, value }) => [name, value]));
  const unknown = rest.resourceCharacteristic.find(
    ({ name }) => !CHARACTERISTICS.some((one) => one === name),
  );
  if (unknown || values.size !== rest.resourceCharacteristic.length || values.get('level') !== category)
    throw fail('invalid_argument', { field: `${at}/resourceCharacteristic` });
  const [{ id: site, latitude, longitude }] = rest.place;
  const place = latitude === undefined && longitude === undefined ? null : { latitude, longitude };
  const facts = {
    ...{ tagKey: null, did: null, ...Object.fromEntries(values) },
    ...{ serial: serialNumber, type: resourceSpecification.id, site, place },
    group: rest.relatedParty.find(({ role }) => role === 'group')?.id ?? '',
  };
  return checkFacts(facts as unknown as JsonObject, at);
}
