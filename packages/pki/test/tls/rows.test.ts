import { once } from 'node:events';
import { isAppError } from '@attestel/core';
import { EKU } from '@attestel/x509';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BundleName } from '../../src/bundle/trust-bundle.ts';
import type { PeerServer } from '../../src/tls/ledger-peers.ts';
import { dns, type Member, openSlices, rootOf, SLICE, type Slices } from '../bundle/slices.ts';
import { type Certified, certify } from '../ledger/devices.ts';
import { DAY, vendorScope } from '../ledger/world.ts';
import { MAX_AGE, startNode, type TestPeers, type TlsNode, tlsKey } from './tls-node.ts';

const HOST = '127.0.0.1';
const TLS = [EKU.serverAuth, EKU.clientAuth];

let slices: Slices;
let node: TlsNode;
const servers: PeerServer[] = [];

beforeEach(async () => {
  // OpenSSL, inside of Node, knows no other time than the real one.
  slices = await openSlices(Math.floor(Date.now() / 1000));
  node = await startNode(slices);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await node.close();
});

/** A peer that echoes. */
async function echoing(peers: TestPeers): Promise<PeerServer> {
  const server = await peers.listen({ host: HOST, port: 0 }, ({ socket }) => {
    socket.on('error', () => {}).on('data', (data) => socket.write(data));
  });
  servers.push(server);
  return server;
}

/** What a connection comes to: an answer, or who refused and why. */
async function tryTo(client: TestPeers, server: PeerServer, hostname: string): Promise<string> {
  try {
    const { socket } = await client.connect({ host: HOST, port: server.port, hostname });
    const answer = new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(String(data))).once('close', () => resolve('cut'));
    });
    socket.on('error', () => {}).write('hello');
    return await answer.finally(() => socket.destroy());
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}

describe('P3: gateway and cell, mutual TLS with trust from the ledger', () => {
  let cell: TestPeers;
  let gateway: TestPeers;
  let cellCertificate: Certified;
  let server: PeerServer;
  const name = 'segw1.mnc001.mcc460.3gppnetwork.org';
  const connect = () => tryTo(cell, server, name);

  beforeEach(async () => {
    const { world, a } = slices;
    const began = world.now();
    const scope = vendorScope(world.v);
    const root = await rootOf('Vendor V', began);
    const anchor = await slices.admit(world.v, scope, root);
    await slices.act('challenge', { salt: new Uint8Array(32) }, [world.v]);
    const challenge = world.last()[0]?.data.challenge as Uint8Array;
    const vendor: Member = { party: world.v, root, scope, anchor, challenge, domain: '' };
    const common = { usages: TLS, notBefore: began - 3600 };
    cellCertificate = await certify({ ...common, issuer: root, key: tlsKey() });
    await slices.publish(vendor, 'small-cell', cellCertificate);
    const gatewayCertificate = await certify({
      ...{ ...common, issuer: a.root, key: tlsKey(), device: null, commonName: name, san: [dns(name)] },
    });
    await slices.publish(a, 'security-gateway', gatewayCertificate);
    const operator: BundleName = { kind: 'slice', operator: a.party.did, slice: null };
    cell = node.peers(node.view(operator, ['security-gateway']), cellCertificate);
    gateway = node.peers(node.view({ kind: 'vendors', role: 'small-cell' }), gatewayCertificate);
    await Promise.all([cell.look(), gateway.look()]);
    server = await echoing(gateway);
  });

  const revoke = () =>
    slices.act(
      'status.revoke',
      { certificates: [cellCertificate.hash], reason: 'key-compromise', voters: null },
      [slices.world.v],
    );

  it('connects; a revoked cell is refused', async () => {
    expect(await connect()).toBe('hello');
    await revoke();
    expect(await connect()).toBe('cut');
    expect(gateway.refused).toMatchObject([{ code: 'tls_standing', field: 'certificate_revoked' }]);
  });

  it('cuts a connection that is up, within one refresh of the revocation', async () => {
    const { socket } = await cell.connect({ host: HOST, port: server.port, hostname: name });
    socket.on('error', () => {}).resume();
    await vi.waitFor(() => expect(gateway.live()).toHaveLength(1), 20_000);
    await revoke();
    await gateway.look();
    expect(gateway.live()).toHaveLength(0);
    if (!socket.destroyed) await once(socket, 'close');
    expect(gateway.refused).toMatchObject([{ code: 'tls_standing', field: 'certificate_revoked' }]);
  });

  it('goes on by the cached trust list while no node answers, and not beyond its age', async () => {
    expect(await connect()).toBe('hello');
    node.turn('off');
    slices.world.later(MAX_AGE);
    expect(await connect()).toBe('hello');
    slices.world.later(1);
    expect(await connect()).toBe('tls_trust_stale');
    const version = slices.world.pki.trustVersion();
    await expect(cell.connect({ host: HOST, port: server.port, hostname: name })).rejects.toThrow(
      `trust list version ${version}`,
    );
  });

  it('cuts connections, too, when nobody has answered for longer than that', async () => {
    const { socket } = await cell.connect({ host: HOST, port: server.port, hostname: name });
    socket.on('error', () => {}).resume();
    await vi.waitFor(() => expect(gateway.live()).toHaveLength(1), 20_000);
    node.turn('off');
    slices.world.later(MAX_AGE + 1);
    await Promise.all([gateway.look(), cell.look()]);
    expect([gateway.live(), cell.live()]).toEqual([[], []]);
    expect(socket.destroyed).toBe(true);
    expect(gateway.refused).toMatchObject([{ code: 'tls_trust_stale' }]);
  });

  it('refuses who is genuine by chain and name and not published, and who is not the host that was meant', async () => {
    const fake = await certify({
      ...{ device: null, commonName: name, san: [dns(name)], usages: TLS, key: tlsKey() },
      ...{ issuer: slices.a.root, notBefore: slices.world.now() - 3600 },
    });
    const rogue = node.peers(node.view({ kind: 'vendors', role: 'small-cell' }), fake);
    await rogue.look();
    expect(await tryTo(cell, await echoing(rogue), name)).toBe('tls_standing');
    expect(cell.refused).toMatchObject([{ field: 'certificate_unknown' }]);
    expect(await tryTo(cell, server, 'segw2.mnc001.mcc460.3gppnetwork.org')).toBe('tls_name');
  });

  it('trusts nobody before a node has said whom', async () => {
    const operator: BundleName = { kind: 'slice', operator: slices.a.party.did, slice: null };
    const fresh = node.peers(node.view(operator, ['security-gateway']), cellCertificate);
    expect(await tryTo(fresh, server, name)).toBe('tls_trust_unknown');
  });
});

describe('P4: slices of A and B, with roots of their own', () => {
  let a: TestPeers;
  let b: TestPeers;
  let server: PeerServer;
  let certificateOfB: Certified;
  const nameOf = (member: Member) => `smf.${member.domain}`;
  const connect = () => tryTo(a, server, nameOf(slices.b));

  const peersOf = async (member: Member, more: object = {}) => {
    const own = await slices.nf(member, nameOf(member), {
      slices: [SLICE],
      more: { key: tlsKey() },
      ...more,
    });
    await slices.publish(member, 'network-function', own);
    const view = node.view({ kind: 'slice', operator: member.party.did, slice: SLICE });
    return { own, peers: node.peers(view, own) };
  };
  const look = () => Promise.all([a.look(), b.look()]);

  beforeEach(async () => {
    const [ofA, ofB] = [await peersOf(slices.a), await peersOf(slices.b)];
    [a, b, certificateOfB] = [ofA.peers, ofB.peers, ofB.own];
    await look();
    server = await echoing(b);
  });

  it('fails before the relation, connects during it, fails after validTo, naming the version of the trust list', async () => {
    const { world } = slices;
    const versions = [world.pki.trustVersion()];
    const failure = async () => {
      await look();
      return a.connect({ host: HOST, port: server.port, hostname: nameOf(slices.b) });
    };
    await expect(failure()).rejects.toMatchObject({
      code: 'tls_untrusted',
      message: expect.stringContaining(`trust list version ${versions[0]}`),
    });

    const until = world.now() + 120;
    await slices.relate(slices.a, slices.b, { from: world.now() + 30, until });
    await expect(failure()).rejects.toMatchObject({ code: 'tls_untrusted' });
    await node.later(30);
    await look();
    expect(await connect()).toBe('hello');

    await node.later(until - world.now() - 1);
    await look();
    expect(await connect()).toBe('hello');
    await node.later(1);
    await expect(failure()).rejects.toMatchObject({
      code: 'tls_untrusted',
      extra: { trustVersion: world.pki.trustVersion() },
    });
    expect(world.pki.trustVersion()).toBeGreaterThan(versions[0] as number);
  });

  it('is refused by either side alone', async () => {
    await slices.relate(slices.a, slices.b);
    await a.look();
    // A has heard of the relation, B has not.
    expect(await connect()).toBe('cut');
    const version = slices.world.pki.trustVersion();
    expect(b.refused).toMatchObject([
      { code: 'tls_untrusted', message: expect.stringContaining(`trust list version ${version - 1}`) },
    ]);
    await b.look();
    expect(await connect()).toBe('hello');
  });

  const connected = async () => {
    await slices.relate(slices.a, slices.b);
    await look();
    const { socket, peer } = await a.connect({ host: HOST, port: server.port, hostname: nameOf(slices.b) });
    socket.on('error', () => {}).resume();
    await vi.waitFor(() => expect(b.live()).toHaveLength(1), 20_000);
    return { socket, peer };
  };

  it('says with whom one is connected, by which relation', async () => {
    const { peer } = await connected();
    expect(peer.facts).toMatchObject({ dnsNames: [nameOf(slices.b)], nfTypes: ['SMF'], snssais: [SLICE] });
    expect(peer.anchor).toMatchObject({ id: slices.b.anchor, grants: [{ nfTypes: ['SMF'] }] });
  });

  it('drops when a certificate is suspended mid-way', async () => {
    const { socket } = await connected();
    const body = { certificates: [certificateOfB.hash], reason: 'key-compromise' };
    await slices.act('status.suspend', body, [slices.b.party]);
    await a.look();
    expect(socket.destroyed).toBe(true);
    expect(a.refused).toMatchObject([{ code: 'tls_standing', field: 'certificate_suspended' }]);
    expect(await connect()).toBe('tls_standing');
  });

  it('drops when either operator ends the relation', async () => {
    const { socket } = await connected();
    const relation = slices.world.pki.relations().at(-1)?.id as Uint8Array;
    await slices.endRelation(relation, slices.b);
    await a.look();
    expect(socket.destroyed).toBe(true);
    expect(a.refused).toMatchObject([{ code: 'tls_untrusted' }]);
  });

  it('drops when the time of the relation is over, though nothing happens on the ledger', async () => {
    const { socket } = await connected();
    await node.later(DAY);
    await Promise.all([a.look(), b.look()]);
    expect(socket.destroyed).toBe(true);
    expect(b.live()).toHaveLength(0);
    expect(a.refused).toMatchObject([{ code: 'tls_untrusted' }]);
  });

  it('refuses what the relation is not about: other types of network functions, other slices', async () => {
    await slices.relate(slices.a, slices.b);
    const refusals: Record<string, object> = {
      tls_nf_type: { nfTypes: ['SMF', 'UPF'] },
      tls_slice: { slices: ['02-00000a'] },
    };
    for (const [code, more] of Object.entries(refusals)) {
      const other = await peersOf(slices.b, more);
      await Promise.all([look(), other.peers.look()]);
      expect(await tryTo(a, await echoing(other.peers), nameOf(slices.b))).toBe(code);
    }
    const general = await peersOf(slices.b, { slices: [] });
    await Promise.all([look(), general.peers.look()]);
    expect(await tryTo(a, await echoing(general.peers), nameOf(slices.b))).toBe('hello');
  });
});
