import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bytes, silentLogger, toHex } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStrongSwan } from '../../src/agent/ike-daemon.ts';
import { runGatewayAgent } from '../../src/agent/run-agent.ts';
import { connectVici, type ViciClient } from '../../src/agent/vici/vici-client.ts';
import type { CertificateStatus } from '../../src/front/status-source.ts';
import { sha256 } from '../../src/sha256.ts';
import { canTunnel, type IkeLan, openIkeLan } from '../fixtures/ike-lan.ts';
import { createOpensslCa, type OpensslCa } from '../fixtures/openssl-ca.ts';

const run = promisify(execFile);
const OCSP_PORT = 8888;
const possible = await canTunnel();

const ends = (local: string, remote: string): string => `children { net {
    local_ts = ${local}/32
    remote_ts = ${remote}/32
    esp_proposals = aes256gcm16-ecp256
    updown = /usr/lib/ipsec/_updown } }`;
const NAMES = ['genuine', 'rogue', 'unpublished'];
const common = `version = 2
  encap = yes
  proposals = aes256-sha256-ecp256`;

/** An operator's gateway, which trusts another operator's CA and asks the ledger's OCSP responder, with the laxest policy. */
const gatewayConf = ({ gateway, cell }: IkeLan, caA: OpensslCa): string => `connections { cells { ${common}
  local_addrs = ${gateway.address}
  local { auth = pubkey
    certs = segw.crt
    id = segw.b.example }
  remote { auth = pubkey
    cacerts = ${caA.name}.crt
    revocation = relaxed }
  ${ends(gateway.inner, cell.inner)} } }
authorities { a { cacert = ${caA.name}.crt
  ocsp_uris = http://${gateway.address}:${OCSP_PORT}/ } }
`;

/** A cell with three certificates of one name: its own, one with a copied serial, one that nobody published. */
const cellConf = ({ gateway, cell }: IkeLan, caB: OpensslCa): string => `connections { ${NAMES.map(
  (name) => `${name} { ${common}
  local_addrs = ${cell.address}
  remote_addrs = ${gateway.address}
  local { auth = pubkey
    certs = ${name}.crt
    id = cell-1.a.example }
  remote { auth = pubkey
    id = segw.b.example
    cacerts = ${caB.name}.crt }
  ${ends(cell.inner, gateway.inner)} }`,
).join('\n')} }
`;

/** Our responder, in the gateway's network; writes the certificate of its signer. */
async function startResponder({ gateway }: IkeLan, ca: OpensslCa, signerFile: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../fixtures/ocsp-process.ts', import.meta.url));
  const [command = '', ...args] = gateway.within;
  const node = [process.execPath, '--conditions=source', script];
  const child = spawn(
    command,
    [...args, ...node, gateway.address, String(OCSP_PORT), ca.derFile, signerFile],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  await once(child, 'message');
  return child;
}

async function setStatus(
  responder: ChildProcess,
  what: { serial: string; status: CertificateStatus | null },
): Promise<void> {
  const done = once(responder, 'message');
  responder.send(what);
  await done;
}

describe.skipIf(!possible)('a tunnel between a cell of one operator and a gateway of another', () => {
  let folder: string;
  let lan: IkeLan;
  let cell: ViciClient;
  let gateway: ViciClient;
  let responder: ChildProcess;
  const published = new Map<string, 'good' | 'certificate_suspended'>();
  const ended: string[] = [];
  const nameOf = (certificate: Bytes): string => toHex(sha256(certificate));
  let genuine: Bytes;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attestel-ike-'));
    lan = await openIkeLan(folder);
    const [caA, caB] = [await createOpensslCa(folder, 'ca-a'), await createOpensslCa(folder, 'ca-b')];
    genuine = await caA.issue('genuine', 'cell-1.a.example', '1001');
    await caA.issue('rogue', 'cell-1.a.example', '1001'); // another key, the same serial
    await caB.issue('segw', 'segw.b.example', '2001');
    published.set(nameOf(genuine), 'good');
    await caA.issue('unpublished', 'cell-1.a.example', '1002'); // as by a thief of the CA's key
    const file = (name: string): string => join(folder, name);
    await writeFile(file('page.txt'), 'through the tunnel');
    responder = await startResponder(lan, caA, file('ocsp.der'));
    await setStatus(responder, { serial: '1001', status: { state: 'published', since: 1 } });
    const cas = [caA.certificateFile, caB.certificateFile];
    gateway = await lan.gateway.start(
      { cas, certificates: [file('segw.crt')], keys: [file('segw.key')], ocsp: [file('ocsp.der')] },
      gatewayConf(lan, caA),
    );
    cell = await lan.cell.start(
      {
        cas,
        certificates: NAMES.map((name) => file(`${name}.crt`)),
        keys: NAMES.map((name) => file(`${name}.key`)),
      },
      cellConf(lan, caB),
    );
  });

  afterAll(async () => {
    responder?.kill();
    await lan?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const initiate = (connection: string) =>
    cell.request('initiate', { ike: connection, child: 'net', timeout: '10000' });
  const upAt = async (client: ViciClient) => (await createStrongSwan(client).associations()).up;
  const gatewaySas = () => upAt(gateway);
  const endAll = async (): Promise<void> => {
    for (const { id } of await upAt(cell)) await createStrongSwan(cell).terminate(id);
    await vi.waitFor(async () => expect(await gatewaySas()).toEqual([]), 60_000);
  };
  /** A page fetched through the tunnel. */
  const traffic = async (): Promise<string> => {
    const [command = '', ...args] = lan.gateway.within;
    const server = spawn(
      command,
      [...args, 'python3', '-m', 'http.server', '--bind', lan.gateway.inner, '--directory', folder, '8080'],
      {
        stdio: 'ignore',
      },
    );
    try {
      const [fetching = '', ...rest] = lan.cell.within;
      const url = `http://${lan.gateway.inner}:8080/page.txt`;
      const retry = ['--retry', '20', '--retry-connrefused', '--retry-delay', '1', '--max-time', '3'];
      return (await run(fetching, [...rest, 'curl', '-s', '--interface', lan.cell.inner, ...retry, url]))
        .stdout;
    } finally {
      server.kill();
    }
  };

  it('passes traffic', async () => {
    await initiate('genuine');
    expect(await gatewaySas()).toMatchObject([{ peer: 'cell-1.a.example' }]);
    expect(await traffic()).toBe('through the tunnel');
    await endAll();
  });

  it('does not come up with a certificate that nobody published, though the CA’s stolen key signed it', async () => {
    await expect(initiate('unpublished')).rejects.toMatchObject({ code: 'vici_refused' });
    expect(await gatewaySas()).toEqual([]);
  });

  it('does not come up with a revoked certificate', async () => {
    const set = (status: CertificateStatus) => setStatus(responder, { serial: '1001', status });
    await set({ state: 'revoked', since: 1_700_000_000, reason: 1 });
    await gateway.request('flush-certs'); // answers are kept until their nextUpdate
    await expect(initiate('genuine')).rejects.toMatchObject({ code: 'vici_refused' });
    await set({ state: 'published', since: 1 });
    await gateway.request('flush-certs');
  });

  it('comes up with a copied serial where nobody but OCSP is asked', async () => {
    await initiate('rogue');
    expect(await gatewaySas()).toHaveLength(1);
    await endAll();
  });

  describe('with an agent beside the gateway', () => {
    const stopping = new AbortController();
    let running: Promise<void>;
    let news = (): void => {};
    const connected: string[] = [];

    beforeAll(async () => {
      running = runGatewayAgent({
        connect: () => connectVici(lan.gateway.viciSocket),
        check: (certificate) => {
          const state = published.get(nameOf(certificate));
          if (state === 'good') return { ok: true };
          return { ok: false, code: state ?? 'certificate_unpublished' };
        },
        watch: (onNews) => {
          news = () => onNews([]);
          return { stop: async () => {} };
        },
        everyMilliseconds: 60_000,
        signal: stopping.signal,
        logger: { ...silentLogger, info: (event) => void connected.push(event) },
        onTerminated: ({ code }) => ended.push(code),
      });
      await vi.waitFor(() => expect(connected).toEqual(['ike_daemon_connected']), 20_000);
    });
    afterAll(async () => {
      stopping.abort();
      await running;
    });

    it('stays while its certificate is published', async () => {
      await initiate('genuine');
      news();
      await setTimeout(500);
      expect(await gatewaySas()).toHaveLength(1);
      expect(ended).toEqual([]);
    });

    it('is torn down when its certificate is suspended, and comes again when that is over', async () => {
      published.set(nameOf(genuine), 'certificate_suspended');
      news();
      await vi.waitFor(() => expect(ended.splice(0)).toEqual(['certificate_suspended']), 20_000);
      await vi.waitFor(async () => expect(await gatewaySas()).toEqual([]), 20_000);
      await vi.waitFor(async () => expect(await upAt(cell)).toEqual([]), 20_000);
      published.set(nameOf(genuine), 'good');
      await initiate('genuine');
      news();
      await setTimeout(500);
      expect(await gatewaySas()).toHaveLength(1);
      await endAll();
    });

    it('is killed where its serial is copied', async () => {
      await initiate('rogue').catch(() => {}); // it may be gone before the cell has counted it as up
      await vi.waitFor(() => expect(ended).toEqual(['certificate_unpublished']), 20_000);
      await vi.waitFor(async () => expect(await gatewaySas()).toEqual([]), 20_000);
    });
  });
});
