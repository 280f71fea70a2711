import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@attestel/core';
import { certificateHash, connectVici, createStrongSwan, runGatewayAgent, watchStatus } from '@attestel/pki';
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
import { createOpensslCa } from '../fixtures/openssl-ca.ts';
import { openOperatorCmp } from '../fixtures/operator-cmp.ts';
import { fromPem, pem, run } from '../front/fixtures/programs.ts';
import { type Served, serve } from '../front/fixtures/serve.ts';

const possible = await canTunnel();
const WAIT = { timeout: 60_000, interval: 50 };

/** The other way beside the published bundle, of which `ledger-tunnel.e2e.test.ts` tells. */
describe.skipIf(!possible)('a self-signed cell that exchanges its certificate by CMP', () => {
  let folder: string;
  let ike: IkeWorld;
  let served: Served;
  let lan: IkeLan;
  let self: SelfSigned;
  let gateway: ViciClient;
  let cell: ViciClient;
  let running: Promise<void> | undefined;
  const stopping = new AbortController();
  const ended: string[] = [];
  const file = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attestel-ike-'));
    ike = await openIkeWorld(folder);
    self = await ike.publish(1);
    const { root, routes } = await openOperatorCmp(ike.world);
    served = await serve(routes);
    await writeFile(file('root.crt'), pem(root));
  });
  afterAll(async () => {
    stopping.abort();
    await running;
    await lan?.close();
    await served?.close();
    await ike?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gets one of the operator, published, from openssl cmp and what it has from its maker', async () => {
    await run('openssl', [
      'ecparam',
      '-name',
      'prime256v1',
      '-genkey',
      '-noout',
      '-out',
      file('operator-cell.key'),
    ]);
    const { code, output } = await run('openssl', [
      ...['cmp', '-cmd', 'ir', '-server', `127.0.0.1:${served.port}`, '-path', '.well-known/cmp/p/cells'],
      ...['-trusted', file('root.crt'), '-cert', self.certificateFile, '-key', self.keyFile],
      ...['-extracerts', self.certificateFile, '-subject', '/CN=cell'],
      ...['-newkey', file('operator-cell.key'), '-certout', file('operator-cell.crt')],
    ]);
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
    const issued = fromPem(await readFile(file('operator-cell.crt'), 'utf8'));
    expect(ike.world.pki.check(issued)).toMatchObject({ verdict: 'good', record: { role: 'small-cell' } });
  });

  it('has a tunnel with it at a gateway that trusts nobody but the operator’s CA', async () => {
    const ca = await createOpensslCa(folder, 'ca-b');
    await ca.issue('segw', 'segw.b.example', '2001');
    lan = await openIkeLan(folder, 'x');
    const files = { cas: [file('root.crt')], certificates: [file('segw.crt')], keys: [file('segw.key')] };
    gateway = await startGateway(lan, { ca, files, trust: 'cacerts = root.crt' });
    const exchanged = {
      ...{ name: 'operator-cell', certificateFile: file('operator-cell.crt') },
      keyFile: file('operator-cell.key'),
    };
    cell = await startCells(lan, ca, [exchanged, self]);
    const ready = Promise.withResolvers<void>();
    running = runGatewayAgent({
      connect: () => connectVici(lan.gateway.viciSocket),
      ...ike.check(),
      watch: (onNews) => watchStatus({ node: ike.node, fetch, onNews }),
      ...{ everyMilliseconds: 500, signal: stopping.signal, logger: silentLogger },
      onTerminated: ({ code }) => ended.push(code),
      onTunnels: () => ready.resolve(),
    });
    await ready.promise;
    await cell.request('initiate', { ike: 'operator-cell', child: 'net', timeout: '20000' });
    const { up } = await createStrongSwan(gateway).associations();
    expect(up).toMatchObject([{ peer: expect.stringContaining('ac5g-000001') }]);
    expect(ended).toEqual([]);
    // The certificate of its maker opens nothing here.
    const direct = cell.request('initiate', { ike: self.name, child: 'net', timeout: '20000' });
    await expect(direct).rejects.toMatchObject({ code: 'vici_refused' });
  });

  it('loses the tunnel when the operator revokes it', async () => {
    const { world } = ike;
    const issued = fromPem(await readFile(file('operator-cell.crt'), 'utf8'));
    const body = { certificates: [certificateHash(issued)], reason: 'lost-or-stolen', voters: null };
    expect(await world.act('status.revoke', body, [world.b])).toBeUndefined();
    const up = async () => (await createStrongSwan(gateway).associations()).up;
    await vi.waitFor(() => expect(ended).toEqual(['certificate_revoked']), WAIT);
    await vi.waitFor(async () => expect(await up()).toEqual([]), WAIT);
  });
});
