import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { silentLogger, systemClock } from '@attestel/core';
import {
  connectVici,
  createSightingDesk,
  createSightingReporter,
  createStrongSwan,
  runGatewayAgent,
  sightingsEndpoint,
  watchStatus,
} from '@attestel/pki';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ViciClient } from '../../src/agent/vici/vici-client.ts';
import { canTunnel, type IkeLan, openIkeLan } from '../fixtures/ike-lan.ts';
import {
  type IkeWorld,
  openIkeWorld,
  type SelfSigned,
  startCells,
  startGateway,
} from '../fixtures/ike-world.ts';
import { createOpensslCa, type OpensslCa } from '../fixtures/openssl-ca.ts';

const possible = await canTunnel();
const WAIT = { timeout: 60_000, interval: 50 };

interface Site {
  readonly lan: IkeLan;
  readonly gateway: ViciClient;
  readonly cell: ViciClient;
  readonly ended: string[];
  stop(): Promise<void>;
}

describe.skipIf(!possible)('self-signed cells, unmodified gateways, agents that ask the ledger', () => {
  let folder: string;
  let ike: IkeWorld;
  let ca: OpensslCa;
  let cells: readonly [SelfSigned, SelfSigned, SelfSigned];
  let sites: readonly [Site, Site];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attestel-ike-'));
    ike = await openIkeWorld(folder, ({ ledger, pki, b }) => {
      const common = { ledger, pki, did: b.did, signer: b.signer, clock: systemClock };
      const desk = createSightingDesk({ ...common, logger: silentLogger, overlapSeconds: 2 });
      return [sightingsEndpoint({ desk, authenticate: async () => ({ did: b.did }), mayReport: () => true })];
    });
    ca = await createOpensslCa(folder, 'ca-b');
    await ca.issue('segw', 'segw.b.example', '2001');
    cells = [await ike.publish(1), await ike.publish(2), await ike.publish(3)];
    sites = [await openSite('1'), await openSite('2')];
  });
  afterAll(async () => {
    for (const site of sites ?? []) await site.stop();
    await ike?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A gateway with its agent, which has the published bundle pinned; a host with all cells' keys: what a thief has, too. */
  async function openSite(tag: string): Promise<Site> {
    const lan = await openIkeLan(join(folder, tag), tag);
    const files = { cas: [], certificates: [join(folder, 'segw.crt')], keys: [join(folder, 'segw.key')] };
    const bundle = cells.map(({ certificateFile }) => certificateFile);
    const gateway = await startGateway(lan, {
      ca,
      files: { ...files, certificates: [...files.certificates, ...bundle] },
      trust: `id = %any
    certs = ${cells.map(({ name }) => `${name}.crt`).join(', ')}`,
    });
    const cell = await startCells(lan, ca, cells);
    const stopping = new AbortController();
    const ended: string[] = [];
    const ready = Promise.withResolvers<void>();
    const tell = createSightingReporter({
      ...{ node: ike.node, fetch, gateway: tag, token: async () => 'none', logger: silentLogger },
    });
    const running = runGatewayAgent({
      connect: () => connectVici(lan.gateway.viciSocket),
      ...ike.check(),
      watch: (onNews) => watchStatus({ node: ike.node, fetch, onNews }),
      everyMilliseconds: 500,
      signal: stopping.signal,
      logger: silentLogger,
      onTerminated: ({ code }) => ended.push(code),
      onTunnels: (tunnels) => {
        ready.resolve();
        tell(tunnels);
      },
    });
    await ready.promise;
    return {
      ...{ lan, gateway, cell, ended },
      async stop() {
        stopping.abort();
        await running;
        await lan.close();
      },
    };
  }

  const initiate = (site: Site, { name }: SelfSigned) =>
    site.cell.request('initiate', { ike: name, child: 'net', timeout: '20000' });
  const up = async ({ gateway }: Site) => (await createStrongSwan(gateway).associations()).up;
  /** The agent tells of it after the daemon has done it: whoever asks the daemon may see it first. */
  const suspendedAt = async (site: Site): Promise<void> => {
    await vi.waitFor(() => expect(site.ended).toEqual(['certificate_suspended']), WAIT);
    await vi.waitFor(async () => expect(await up(site)).toEqual([]), WAIT);
    site.ended.length = 0;
  };

  it('a cell of which the gateway has the published certificate has a tunnel, and keeps it', async () => {
    const [site] = sites;
    await initiate(site, cells[0]);
    await setTimeout(1500);
    expect(site.ended).toEqual([]);
    expect(await up(site)).toMatchObject([{ peer: expect.stringContaining('cell-1') }]);
  });

  it('and keeps it when its keys are renewed', async () => {
    const [site] = sites;
    const before = (await up(site))[0]?.id;
    await site.gateway.request('rekey', { 'ike-id': before ?? '' });
    await vi.waitFor(async () => {
      const now = await up(site);
      expect(now).toHaveLength(1);
      expect(now[0]?.id).not.toBe(before);
    }, WAIT);
    await setTimeout(1500);
    expect(await up(site)).toHaveLength(1);
    expect(site.ended).toEqual([]);
  });

  it('a suspension on the ledger ends it', async () => {
    const [site] = sites;
    const { world } = ike;
    const body = { certificates: [cells[0].hash], reason: 'lost-or-stolen' };
    expect(await world.act('status.suspend', body, [world.v])).toBeUndefined();
    await suspendedAt(site);
  });

  it('and does not let it come again', async () => {
    const [site] = sites;
    await initiate(site, cells[0]).catch(() => {});
    await suspendedAt(site);
  });

  it('a cloned key at two gateways is found, suspended, and both tunnels end', async () => {
    const [here, there] = sites;
    await initiate(here, cells[1]);
    await initiate(there, cells[1]);
    for (const site of sites) await suspendedAt(site);
    const { status, reason, by } = ike.world.pki.certificate(cells[1].hash) ?? {};
    expect({ status, reason, by }).toEqual({
      status: 'suspended',
      reason: 'clone-detected',
      by: ike.world.b.did,
    });
  });

  it('one that is handed over from a gateway to another is none', async () => {
    const [here, there] = sites;
    await initiate(here, cells[2]);
    await initiate(there, cells[2]);
    const [first] = await up(here);
    await createStrongSwan(here.cell).terminate(
      (await createStrongSwan(here.cell).associations()).up[0]?.id ?? '',
    );
    await vi.waitFor(async () => expect(await up(here)).not.toContainEqual(first), WAIT);
    await setTimeout(4000); // longer than two places are allowed
    expect(await up(there)).toHaveLength(1);
    expect(ike.world.pki.certificate(cells[2].hash)?.status).toBe('good');
  });
});
