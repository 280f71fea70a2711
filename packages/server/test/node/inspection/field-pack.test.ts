import { AppError } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import {
  type FieldPorts,
  packFor,
  standingOf,
  takenVisits,
} from '../../../src/node/inspection/field-pack.ts';

const NOW = 1_800_000_000;
const RECORD = 'ab'.repeat(16);
const INSPECTOR = {
  ...{ did: 'did:mno:phone', credential: 'cd'.repeat(16), name: 'Li Ming', province: 'GD', city: 'GD-A' },
  ...{ until: NOW + 10, shift: { from: '08:00', until: '18:00' } },
};

/** A host that has one object, and lines of whoever began it. */
function portsOf(state: object | undefined, actor = INSPECTOR.did): FieldPorts & { asked: unknown[] } {
  const asked: unknown[] = [];
  const missing = new AppError('not_found', { kind: 'not-found', message: 'none' });
  const host = {
    get: async () => {
      if (!state) throw missing;
      return { state };
    },
    history: async () => [{ actor }],
    query: async (request: unknown) => {
      asked.push(request);
      return { devices: [] };
    },
  };
  return {
    host: host as never,
    asked,
    clock: { now: () => NOW * 1000 },
    member: 'did:mno:m',
    channel: 'gd',
    devices: 7,
  };
}

describe('what a phone gets', () => {
  it.each([
    [{ status: 'issued', until: null }, 'valid'],
    [{ status: 'issued', until: NOW + 1 }, 'valid'],
    [{ status: 'issued', until: NOW }, 'expired'],
    [{ status: 'revoked', until: NOW + 1 }, 'revoked'],
    [{ status: 'unknown', until: null }, 'revoked'],
  ])('depends on the credential that appoints it: %j is %s', async (state, expected) => {
    const ports = portsOf(state);
    expect(await standingOf(ports, INSPECTOR)).toBe(expected);
    const pack = packFor(ports, INSPECTOR);
    if (expected !== 'valid') return expect(pack).rejects.toMatchObject({ code: 'inspector_not_valid' });
    await pack;
    expect(ports.asked).toMatchObject([
      { query: 'fieldPack', args: { province: 'GD', city: 'GD-A', limit: 7 } },
    ]);
  });

  it('is each visit of its record with photo and flags, the newest where not all are kept', async () => {
    const visits = [
      { device: 'a', time: 1, flags: [] },
      { device: 'b', time: 2, flags: ['R2'] },
    ];
    const ports = portsOf({ sequence: 4, summary: { photos: ['p1', 'p2'], visits, last: null } });
    expect(await takenVisits(ports, (did) => did === INSPECTOR.did, RECORD)).toEqual({
      sequence: 4,
      visits: [
        { device: 'a', time: 1, photo: 'p1', flags: [] },
        { device: 'b', time: 2, photo: 'p2', flags: ['R2'] },
      ],
    });
  });

  it('is nothing of a record that is not there, and a refusal of one that no phone began', async () => {
    expect(await takenVisits(portsOf(undefined), () => true, RECORD)).toEqual({ sequence: 0, visits: [] });
    const foreign = portsOf({ sequence: 1, summary: { photos: [], visits: [] } }, 'did:mno:office');
    await expect(takenVisits(foreign, (did) => did === INSPECTOR.did, RECORD)).rejects.toMatchObject({
      code: 'inspector_unknown',
    });
  });
});
