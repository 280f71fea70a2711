import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceRecord } from '../../../src/device/formats/device-facts.ts';
import { type DeviceMove, fromEpcis, toEpcis } from '../../../src/device/formats/epcis.ts';
import { planMove } from '../../../src/device/formats/epcis-import.ts';
import { DEVICE_MODULES } from '../../../src/device/index.ts';
import { instantOf } from '../../../src/module/instant.ts';
import { Play } from '../../harness/play.ts';

const GROUP = 'did:mno:group';
const GD = 'did:mno:gd';
const at = (text: string): number => instantOf(text, '/');
const facts = (serial: string, level: string) => ({
  ...{ vendor: 'V1', serial, type: 'T01', batch: 'B1', model: 'M1', level, province: 'GD', city: 'GD-A' },
  ...{ site: 'GD-001', place: null, group: GROUP, tagKey: null, did: null },
});

let play: Play;
let router: string;
let board: string;
beforeEach(() => {
  play = new Play(DEVICE_MODULES, { time: at('2026-10-20T08:00:00Z') });
  play.hold({ subject: GD, type: 'ProvinceUnit', claims: { province: 'GD', group: GROUP } });
  const register = (serial: string, level: string): string =>
    play.run({ module: 'device.item', command: 'register', as: GD, data: { facts: facts(serial, level) } })
      .id;
  [router, board] = [register('R-1', 'device'), register('B-1', 'board')];
});

const stateOf = (id: string) => play.state<DeviceRecord['state']>('device.item', id);

/** What the command line does with a document, without a node. */
function take(moves: readonly DeviceMove[]): readonly string[] {
  return moves.map((move) => {
    const planned = planMove(move, stateOf(move.id));
    if (typeof planned === 'string') return planned;
    const { command, data } = planned;
    play.run({ module: 'device.item', command, as: GD, id: move.id, data: data as never });
    return command;
  });
}

/** As the asset system of a partner tells it: times of its own, before the register knew the devices. */
const history = (): readonly DeviceMove[] => [
  { id: board, time: at('2026-09-01T08:00:00Z'), status: 'procured' },
  { id: board, time: at('2026-09-03T08:00:00Z'), status: 'received' },
  { id: board, time: at('2026-09-04T08:00:00Z'), parent: router, slot: '1/2', into: true },
  { id: board, time: at('2026-09-04T08:00:00Z'), status: 'mounted' },
  { id: board, time: at('2026-09-05T08:00:00Z'), status: 'inService' },
  { id: board, time: at('2026-09-20T08:00:00Z'), status: 'repair' },
  { id: board, time: at('2026-09-21T08:00:00Z'), status: 'inService' },
  { id: board, time: at('2026-09-30T08:00:00Z'), status: 'dismounted' },
  { id: board, time: at('2026-09-30T08:00:00Z'), parent: router, slot: '1/2', into: false },
];

describe('moves from EPCIS', () => {
  it('become steps and stays of the register, with the time of their event as reason', () => {
    expect(take(history())).toEqual([
      ...['known', 'transition', 'attach', 'transition', 'transition', 'transition', 'transition'],
      ...['transition', 'detach'],
    ]);
    const { status, steps, stays } = stateOf(board);
    expect(status).toBe('dismounted');
    expect(steps.map((step) => step.status)).toEqual([
      ...['procured', 'received', 'mounted', 'inService', 'repair', 'inService', 'dismounted'],
    ]);
    expect(steps[1]?.reason).toBe('EPCIS 2026-09-03T08:00:00Z');
    expect(stays).toMatchObject([{ parent: router, slot: '1/2', removal: 'EPCIS 2026-09-30T08:00:00Z' }]);
  });

  it('change nothing when they come again, all of them or the first ones', () => {
    take(history());
    const before = stateOf(board);
    expect(new Set(take(history()))).toEqual(new Set(['known']));
    expect(new Set(take(history().slice(0, 5)))).toEqual(new Set(['known']));
    expect(stateOf(board)).toEqual(before);
  });

  it('go on where a document before ended', () => {
    take(history().slice(0, 5));
    expect(take(history())).toEqual([
      ...['known', 'known', 'known', 'known', 'known', 'transition', 'transition', 'transition', 'detach'],
    ]);
  });

  it('are those of the register where it wrote the document itself', () => {
    take(history());
    const records = [router, board].map((id) => ({ id, state: stateOf(id) }));
    const moves = fromEpcis(toEpcis(records, '2026-11-22T08:00:00Z'));
    expect(moves.length).toBeGreaterThan(8);
    expect(new Set(take(moves))).toEqual(new Set(['known']));
  });

  it('from before what the register has are refused, since they would undo it', () => {
    take(history());
    const late: DeviceMove = { id: board, time: at('2026-09-10T08:00:00Z'), status: 'repair' };
    expect(planMove(late, stateOf(board))).toBe('out_of_order');
    play.time = at('2026-10-21T08:00:00Z');
    play.run({ module: 'device.item', command: 'transition', as: GD, id: board, data: { to: 'mounted' } });
    const between: DeviceMove = { id: board, time: at('2026-10-20T09:00:00Z'), status: 'retired' };
    expect(planMove(between, stateOf(board))).toBe('out_of_order');
    const next: DeviceMove = { id: board, time: at('2026-10-22T08:00:00Z'), status: 'dismounted' };
    expect(planMove(next, stateOf(board))).toMatchObject({
      command: 'transition',
      data: { to: 'dismounted' },
    });
    const end: DeviceMove = { ...next, status: 'retired' };
    expect(planMove(end, stateOf(board))).toEqual({
      ...{ command: 'retire', data: { reason: 'EPCIS 2026-10-22T08:00:00Z' } },
    });
  });
});
