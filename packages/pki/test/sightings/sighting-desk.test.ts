import { silentLogger, toHex } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { SIGHTING_SECONDS, sightingSecret } from '../../src/rules/sightings.ts';
import { sha256 } from '../../src/sha256.ts';
import { createSightingDesk, type SightingDesk } from '../../src/sightings/sighting-desk.ts';
import { type PublishedCell, publishCell } from '../ledger/published-cell.ts';
import type { Party, World } from '../ledger/world.ts';

let published: PublishedCell;
let world: World;

beforeEach(async () => {
  published = await publishCell();
  world = published.world;
});

const deskOf = (party: Party): SightingDesk =>
  createSightingDesk({
    ...{ ledger: world.ledger, pki: world.pki, did: party.did, signer: party.signer },
    ...{ clock: { now: () => world.now() * 1000 }, logger: silentLogger },
  });
const sighting = (site = 'here') => {
  const { hash, certificate } = published.cell;
  return { certificate: toHex(hash), secret: toHex(sightingSecret(certificate, sha256)), site };
};
const verdict = () => world.pki.check(published.cell.certificate, world.now()).verdict;
const reportsInLog = (): number =>
  Array.from(world.ledger.entries(0, 1000)).filter(({ bytes }) =>
    Buffer.from(bytes).includes('sighting.report'),
  ).length;

describe('a desk for sightings', () => {
  it('suspends what two gateways of the operator see for longer than a hand-over takes', async () => {
    const desk = deskOf(world.v);
    for (let i = 0; i < 2; i++) {
      await desk.report('g1', [sighting()]);
      expect(await desk.report('g2', [sighting()])).toEqual({ suspended: [] });
      world.later(60);
    }
    expect(await desk.report('g1', [sighting()])).toEqual({ suspended: [toHex(published.cell.hash)] });
    expect(verdict()).toBe('suspended');
    expect(world.pki.check(published.cell.certificate, world.now()).reason).toBe('clone-detected');
    expect(await desk.report('g2', [sighting()])).toEqual({ suspended: [] });
    desk.stop();
  });

  it('leaves alone what it may not suspend', async () => {
    const desk = deskOf(world.b);
    for (let i = 0; i < 4; i++) {
      await desk.report('g1', [sighting(), sighting('there')]);
      world.later(60);
    }
    expect(verdict()).toBe('good');
    desk.stop();
  });

  it('says in the log, once an epoch and in tokens, what visits; of its own it says nothing', async () => {
    const [home, visited] = [deskOf(world.v), deskOf(world.b)];
    await home.report('g', [sighting()]);
    expect(reportsInLog()).toBe(0);
    await visited.report('g', [sighting()]);
    await visited.report('g', [sighting()]);
    expect(reportsInLog()).toBe(1);
    const report = Array.from(world.ledger.entries(0, 1000), ({ bytes }) => Buffer.from(bytes)).find(
      (bytes) => bytes.includes('sighting.report'),
    );
    for (const secret of [published.cell.hash, sightingSecret(published.cell.certificate, sha256)]) {
      expect(report?.includes(Buffer.from(secret))).toBe(false);
    }
    for (const desk of [home, visited]) desk.stop();
  });

  it('suspends what is at home and, for two epochs, at another operator’s gateway', async () => {
    const [home, visited] = [deskOf(world.v), deskOf(world.b)];
    for (let i = 0; i < 9; i++) {
      await home.report('g', [sighting()]);
      await visited.report('g', [sighting()]);
      world.later(SIGHTING_SECONDS / 3);
    }
    expect(verdict()).toBe('suspended');
    for (const desk of [home, visited]) desk.stop();
  });

  it('leaves alone what moves from one operator to another', async () => {
    const [home, visited] = [deskOf(world.v), deskOf(world.b)];
    for (let i = 0; i < 6; i++) {
      await home.report('g', [sighting()]);
      world.later(60);
    }
    await visited.report('g', [sighting()]);
    await home.report('g', []);
    for (let i = 0; i < 12; i++) {
      await home.report('g', []);
      await visited.report('g', [sighting()]);
      world.later(60);
    }
    expect(verdict()).toBe('good');
    for (const desk of [home, visited]) desk.stop();
  });

  it('refuses a sighting of another time, or of who is no operator', async () => {
    const epoch = Math.floor(world.now() / SIGHTING_SECONDS);
    const tokens = [published.cell.hash];
    expect(await world.act('sighting.report', { epoch: epoch + 1, tokens }, [world.a])).toBe(
      'pki_sighting_epoch /epoch',
    );
    expect(await world.act('sighting.report', { epoch: epoch - 2, tokens }, [world.a])).toBe(
      'pki_sighting_epoch /epoch',
    );
    expect(await world.act('sighting.report', { epoch, tokens }, [world.v])).toBe('pki_role');
    expect(await world.act('sighting.report', { epoch, tokens }, [world.a])).toBeUndefined();
  });
});
