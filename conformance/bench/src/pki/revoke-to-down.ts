import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { silentLogger } from '@attestel/core';
import { createLedgerClient, openLmdbStore } from '@attestel/ledger';
import {
  buildPkiOperation,
  connectVici,
  createStrongSwan,
  runGatewayAgent,
  type Tunnel,
  watchStatus,
} from '@attestel/pki';
import { canTunnel, openIkeLan } from '../../../../packages/pki/test/fixtures/ike-lan.ts';
import {
  openIkeWorld,
  type SelfSigned,
  startCells,
  startGateway,
} from '../../../../packages/pki/test/fixtures/ike-world.ts';
import { createOpensslCa } from '../../../../packages/pki/test/fixtures/openssl-ca.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';

const ROUNDS = 40;
/** A tunnel that is still there then counts as so many. */
const PATIENCE_MILLISECONDS = 20_000;

/**
 * How long a tunnel lives that is revoked: from the moment the operation is sent to a node over HTTP until the gateway's
 * strongSwan has no such security association; milliseconds. Real tunnels between network namespaces, a ledger on disk, an
 * agent that hears of it by the event stream and believes proofs only.
 * @throws Error where tunnels cannot be built
 */
export async function revokeToDown(): Promise<{ readonly p50: number; readonly p99: number }> {
  if (!(await canTunnel()))
    throw new Error('bench: tunnels need root, strongSwan, iproute2 and /dev/net/tun');
  const folder = await createTemporaryFolder();
  const store = await openLmdbStore({ path: join(folder.path, 'store') });
  const ike = await openIkeWorld(folder.path, undefined, store);
  const lan = await openIkeLan(folder.path, 'b');
  try {
    const cells: SelfSigned[] = [];
    for (let number = 1; number <= ROUNDS; number++) cells.push(await ike.publish(number));
    const ca = await createOpensslCa(folder.path, 'ca');
    await ca.issue('segw', 'segw.b.example', '2001');
    const own = (suffix: string): string => join(folder.path, `segw.${suffix}`);
    const bundle = cells.map(({ certificateFile }) => certificateFile);
    const gateway = await startGateway(lan, {
      ca,
      files: { cas: [], certificates: [own('crt'), ...bundle], keys: [own('key')] },
      trust: `id = %any\n    certs = ${cells.map(({ name }) => `${name}.crt`).join(', ')}`,
    });
    const cell = await startCells(lan, ca, cells);
    const agent = await startAgent(ike, lan.gateway.viciSocket);
    try {
      const times: number[] = [];
      for (const one of cells) {
        await cell.request('initiate', { ike: one.name, child: 'net', timeout: '20000' });
        await agent.holds(one);
        const isUp = async () => (await createStrongSwan(gateway).associations()).up.length > 0;
        times.push(await revoke(ike, one, isUp));
      }
      return percentiles(times);
    } finally {
      await agent.stop();
    }
  } finally {
    await lan.close();
    await ike.close();
    await ike.world.ledger.close();
    await store.close();
    await folder.remove();
  }
}

type World = Awaited<ReturnType<typeof openIkeWorld>>;

async function startAgent(ike: World, socket: string) {
  const stopping = new AbortController();
  let standing: readonly Tunnel[] = [];
  const running = runGatewayAgent({
    connect: () => connectVici(socket),
    ...ike.check(),
    watch: (onNews) => watchStatus({ node: ike.node, fetch, onNews }),
    everyMilliseconds: 10_000,
    signal: stopping.signal,
    logger: silentLogger,
    onTunnels: (tunnels) => {
      standing = tunnels;
    },
  });
  return {
    /** Judged, and let stand: what comes then is not the end of one that was not let in. */
    async holds({ certificate }: SelfSigned): Promise<void> {
      const isHeld = (): boolean =>
        standing.some((one) => one.certificates.some((der) => Buffer.compare(der, certificate) === 0));
      const late = Date.now() + PATIENCE_MILLISECONDS;
      while (!isHeld()) {
        if (Date.now() > late) throw new Error('bench: the agent did not let the tunnel stand');
        await setTimeout(20);
      }
    },
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}

async function revoke({ world, node }: World, { hash }: SelfSigned, isUp: () => Promise<boolean>) {
  const operation = await buildPkiOperation({
    kind: 'status.revoke',
    body: { v: 1, certificates: [hash], reason: 'key-compromise', voters: null },
    ...{ actor: world.v.did, network: world.ledger.network, notAfter: world.notAfter() },
    signers: [world.v.signer],
  });
  const start = performance.now();
  // Not awaited: the tunnel may be down before the node has answered.
  const sent = createLedgerClient({ url: node, fetch }).submit([operation]);
  while ((await isUp()) && performance.now() - start < PATIENCE_MILLISECONDS) await setTimeout(2);
  const time = performance.now() - start;
  const [result] = await sent;
  if (!result?.ok) throw new Error('bench: the revocation was refused');
  return time;
}

function percentiles(times: readonly number[]): { p50: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}
