import { AppError, isAppError, type JsonValue } from '@attestel/core';
import { DEVICE_MODULES, type DeviceMove, type DeviceRecord, toEpcis } from '@attestel/scenarios';
import { beforeEach, describe, expect, it } from 'vitest';
import { Play } from '../../../scenarios/test/harness/play.ts';
import type { ContractCaller } from '../../src/contract/contract-call.ts';
import { importMoves } from '../../src/device/import-moves.ts';

const GD = 'did:mno:gd';
const GROUP = 'did:mno:group';
const START = Date.parse('2026-10-20T08:00:00Z') / 1000;
const FACTS = {
  ...{ vendor: 'V1', serial: 'S-1', type: 'T01', batch: 'B1', model: 'M1', level: 'device', province: 'GD' },
  ...{ city: 'GD-A', site: 'GD-001', place: null, group: GROUP, tagKey: null, did: null },
};
const HEAD = 'ab'.repeat(32);

let play: Play;
let device: string;
let calls: string[];
beforeEach(() => {
  play = new Play(DEVICE_MODULES, { time: START });
  play.hold({ subject: GD, type: 'ProvinceUnit', claims: { province: 'GD', group: GROUP } });
  const data = { facts: FACTS };
  device = play.run({ module: 'device.item', command: 'register', as: GD, data }).id;
  calls = [];
});

/** A node as the command line sees it, over the rules themselves. */
const caller = {
  async call(_module: string, [name = '']: readonly string[], more?: Parameters<ContractCaller['call']>[2]) {
    if (!more?.method) return { id: name, state: play.state('device.item', name), head: HEAD };
    expect(more.query?.get('head')).toBe(HEAD);
    calls.push(name);
    const id = more.query?.get('id') ?? '';
    return play.run({ module: 'device.item', command: name, as: GD, id, data: more.body as JsonValue });
  },
} as unknown as ContractCaller;

const stateAfter = (...moves: readonly Exclude<DeviceMove, { parent: string }>[]): DeviceRecord['state'] => ({
  ...play.state<DeviceRecord['state']>('device.item', device),
  steps: moves.map(({ status, time }) => ({ status, time, custodian: GD, reason: null })),
});
const at = (hours: number, status: string) => ({ id: device, time: START + hours * 3600, status });
const documentOf = (...moves: ReturnType<typeof at>[]): JsonValue =>
  toEpcis([{ id: moves[0]?.id ?? device, state: stateAfter(...moves) }], '2026-11-22T08:00:00Z');

describe('attestel device import --format epcis', () => {
  const received = [at(1, 'received'), at(2, 'mounted')];

  it('takes events once, in the order of their times', async () => {
    const document = documentOf(...received) as { epcisBody: { eventList: JsonValue[] } };
    document.epcisBody.eventList.reverse();
    expect(await importMoves(caller, document as unknown as JsonValue)).toEqual([
      { event: '/epcisBody/eventList/1', id: device, done: 'transition' },
      { event: '/epcisBody/eventList/0', id: device, done: 'transition' },
    ]);
    expect(play.state('device.item', device)).toMatchObject({ status: 'mounted' });
    const again = await importMoves(caller, documentOf(...received));
    expect(again.map(({ done }) => done)).toEqual(['known', 'known']);
    expect(calls).toEqual(['transition', 'transition']);
  });

  it('names what is refused, and does not go on with that device', async () => {
    const imported = await importMoves(caller, documentOf(at(1, 'repair'), at(2, 'received')));
    expect(imported).toEqual([
      { event: '/epcisBody/eventList/0', id: device, refused: 'conflict' },
      { event: '/epcisBody/eventList/1', id: device, refused: 'after_refused' },
    ]);
    expect(play.state('device.item', device)).toMatchObject({ status: 'procured' });
    const foreign = documentOf({ ...at(1, 'received'), id: 'cd'.repeat(16) });
    expect(await importMoves(caller, foreign)).toMatchObject([{ refused: 'not_found' }]);
  });

  it('does nothing of a document that has a fault anywhere, and says where', async () => {
    const document = documentOf(...received) as { epcisBody: { eventList: Record<string, JsonValue>[] } };
    Object.assign(document.epcisBody.eventList[1] ?? {}, { bizStep: 'shipping' });
    const refused = await importMoves(caller, document as unknown as JsonValue).catch(
      (error: unknown) => error,
    );
    expect(isAppError(refused) && [refused.code, refused.field]).toEqual([
      ...['invalid_argument', '/epcisBody/eventList/1/bizStep'],
    ]);
    expect(calls).toEqual([]);
  });

  it('ends where the node cannot be reached', async () => {
    const away = new AppError('node_unreachable', { kind: 'unavailable', message: 'away' });
    const silent = { call: () => Promise.reject(away) } as unknown as ContractCaller;
    await expect(importMoves(silent, documentOf(...received))).rejects.toBe(away);
  });
});
