import { type Clock, isAppError, type JsonValue, unixSeconds } from '@attestel/core';
import {
  type ContractHost,
  CREDENTIAL_MODULE,
  type IssuedState,
  type RecordState,
} from '@attestel/scenarios';
import { fail } from '../../errors.ts';
import type { Inspector } from './pairing-records.ts';

export const INSPECTION_MODULE = 'device.inspection@1';

export interface FieldPorts {
  readonly host: Pick<ContractHost, 'get' | 'query' | 'history'>;
  readonly clock: Clock;
  readonly member: string;
  readonly channel: string;
  /** Devices of one pack, at most. */
  readonly devices: number;
}

/** `valid`; or why nothing of this inspector is taken any more. */
export type Appointed = 'valid' | 'expired' | 'revoked';

/** How the appointment stands, by the credential that the member gave. */
export async function standingOf(ports: FieldPorts, { credential }: Inspector): Promise<Appointed> {
  const { host, member, channel, clock } = ports;
  const reading = { channel, module: `${CREDENTIAL_MODULE}@1`, reader: { actor: member } };
  const { state, lines } = await host.get({ ...reading, id: credential });
  const { status, until } = state as unknown as IssuedState;
  // The second line of a credential revokes it, whether or not what it says is still kept.
  if (status !== 'issued' || lines > 1) return 'revoked';
  return until !== null && until <= unixSeconds(clock) ? 'expired' : 'valid';
}

/** Forms, devices and keys of tags for this inspector. @throws AppError inspector_not_valid */
export async function packFor(ports: FieldPorts, inspector: Inspector): Promise<JsonValue> {
  if ((await standingOf(ports, inspector)) !== 'valid') throw fail('inspector_not_valid');
  const { host, member, channel, devices } = ports;
  const { province, city } = inspector;
  return host.query({
    ...{ channel, module: INSPECTION_MODULE, reader: { actor: member }, query: 'fieldPack' },
    args: { province, ...(city === null ? {} : { city }), limit: devices },
  });
}

/** What the node has of a record that a phone sends to: which batches, and each visit with its flags. */
export interface TakenVisits {
  /** Number of the last counted batch; 0 where there is none. */
  readonly sequence: number;
  readonly visits: readonly {
    readonly device: string;
    readonly time: number;
    readonly photo: string;
    readonly flags: readonly string[];
  }[];
}

/**
 * A record that a phone of this member began: who knows its id, which the phone drew, has sent to it. One that is not there
 * has no visits. @throws AppError inspector_unknown for any other
 */
export async function takenVisits(
  ports: FieldPorts,
  isInspector: (did: string) => boolean,
  id: string,
): Promise<TakenVisits> {
  const { host, member, channel } = ports;
  const reading = { channel, module: INSPECTION_MODULE, reader: { actor: member }, id };
  const object = await host.get(reading).catch((error: unknown) => {
    if (isAppError(error) && error.code === 'not_found') return undefined;
    throw error;
  });
  if (!object) return { sequence: 0, visits: [] };
  const [first] = await host.history(reading);
  if (!isInspector(first?.actor ?? '')) throw fail('inspector_unknown');
  const { sequence, summary } = object.state as unknown as RecordState;
  const { photos, visits } = summary as unknown as Summary;
  // Both keep the newest; a photo stands where its visit stands.
  return {
    sequence: sequence ?? 0,
    visits: visits.map((visit, i) => ({ ...visit, photo: photos[i] ?? '' })),
  };
}

interface Summary {
  readonly photos: readonly string[];
  readonly visits: readonly Omit<TakenVisits['visits'][number], 'photo'>[];
}
