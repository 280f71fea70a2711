import { once } from 'node:events';
import { EKU } from '@attestel/x509';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PeerServer } from '../../src/tls/ledger-peers.ts';
import { brandScope, type Member, openSlices, rootOf, type Slices } from '../bundle/slices.ts';
import { certify } from '../ledger/devices.ts';
import { DAY, type Party } from '../ledger/world.ts';
import { startNode, type TestPeers, type TlsNode, tlsKey } from './tls-node.ts';

interface Thing {
  readonly peers: TestPeers;
  readonly brand: Member;
  readonly serial: string;
}

let slices: Slices;
let node: TlsNode;
let camera: Thing;
let lock: Thing;
let server: PeerServer;

async function brandOf(party: Party, prefix: string): Promise<Member> {
  const { world, admit, act } = slices;
  const root = await rootOf(`Brand ${prefix}`, world.now());
  const scope = brandScope(party, prefix);
  const anchor = await admit(party, scope, root);
  await act('challenge', { salt: new Uint8Array(32) }, [party]);
  const challenge = world.last()[0]?.data.challenge as Uint8Array;
  return { party, root, scope, anchor, challenge, domain: '' };
}

async function thingOf(brand: Member, device: string): Promise<Thing> {
  const own = await certify({
    ...{ device, commonName: 'Thing', issuer: brand.root, key: tlsKey() },
    ...{ usages: [EKU.serverAuth, EKU.clientAuth], notBefore: slices.world.now() - 3600 },
  });
  await slices.publish(brand, 'iot-thing', own);
  const peers = node.peers(node.view({ kind: 'vendors', role: 'iot-thing' }), own);
  return { peers, brand, serial: device };
}

beforeEach(async () => {
  slices = await openSlices(Math.floor(Date.now() / 1000));
  node = await startNode(slices);
  const { v, w } = slices.world;
  camera = await thingOf(await brandOf(v, 'VCAM'), 'VCAM-000001');
  lock = await thingOf(await brandOf(w, 'WLOCK'), 'WLOCK-000007');
  await Promise.all([camera.peers.look(), lock.peers.look()]);
  server = await lock.peers.listen({ host: '127.0.0.1', port: 0 }, ({ socket, peer }) => {
    socket.on('error', () => {}).end(`hello ${peer.facts.deviceSerial}`);
  });
});
afterEach(async () => {
  await server.close();
  await node.close();
});

const meet = () => camera.peers.connect({ host: '127.0.0.1', port: server.port, hostname: null });
const look = () => Promise.all([camera.peers.look(), lock.peers.look()]);

describe('devices of two brands with different roots, in one home', () => {
  it('authenticate each other, because both roots are on the alliance’s list', async () => {
    const { socket, peer } = await meet();
    const [greeting] = await once(socket, 'data');
    expect(String(greeting)).toBe('hello VCAM-000001');
    expect(peer.facts.deviceSerial).toBe('WLOCK-000007');
    expect(peer.anchor.id).toEqual(lock.brand.anchor);
  });

  it('refuse each other once a root is retired and its time is over', async () => {
    const { world, act } = slices;
    const { anchor, party } = lock.brand;
    const until = world.now() + 2 * DAY;
    const previous = world.pki.anchor(anchor)?.operation ?? null;
    await act('anchor.retire', { anchor, until, voters: [party.did] }, [party], previous);
    await look();
    expect((await meet()).peer.facts.deviceSerial).toBe('WLOCK-000007');
    await node.later(2 * DAY);
    await look();
    await expect(meet()).rejects.toMatchObject({
      code: 'tls_untrusted',
      message: expect.stringContaining(`trust list version ${world.pki.trustVersion()}`),
    });
  });

  it('part at once when a root is suspended', async () => {
    const { world, act } = slices;
    const { anchor, party } = lock.brand;
    const { socket } = await meet();
    const previous = world.pki.anchor(anchor)?.operation ?? null;
    await act('anchor.suspend', { anchor, reason: 'ca-compromise', voters: [party.did] }, [party], previous);
    await look();
    expect(socket.destroyed).toBe(true);
    await expect(meet()).rejects.toMatchObject({ code: 'tls_untrusted' });
  });

  it('refuse a brand that nobody admitted, whatever it calls itself', async () => {
    const { world } = slices;
    const root = await rootOf('Brand WLOCK', world.now());
    const own = await certify({
      ...{ device: 'WLOCK-000007', commonName: 'Thing', issuer: root, key: tlsKey() },
      ...{ usages: [EKU.serverAuth, EKU.clientAuth], notBefore: world.now() - 3600 },
    });
    const rogue = node.peers(node.view({ kind: 'vendors', role: 'iot-thing' }), own);
    await rogue.look();
    const { port, close } = await rogue.listen({ host: '127.0.0.1', port: 0 }, () => {});
    await expect(camera.peers.connect({ host: '127.0.0.1', port, hostname: null })).rejects.toMatchObject({
      code: 'tls_untrusted',
    });
    await close();
  });
});
