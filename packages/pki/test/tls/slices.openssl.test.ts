import { isAppError, toHex } from '@attestel/core';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueCrossCertificate, signLedgerRoot } from '../../src/bundle/cross-certificate.ts';
import { selectMembers } from '../../src/bundle/select-members.ts';
import { type BundleName, bundleOf, type TrustedAnchor } from '../../src/bundle/trust-bundle.ts';
import type { PeerServer } from '../../src/tls/ledger-peers.ts';
import { type Member, openSlices, SLICE, type Slices } from '../bundle/slices.ts';
import { freshKey } from '../front/fixtures/authority.ts';
import { isMissing, pem, temporaryFolder } from '../front/fixtures/programs.ts';
import type { Certified } from '../ledger/devices.ts';
import { type OpensslPeer, startOpenssl } from './openssl-peer.ts';
import { startNode, type TestPeers, type TlsKey, type TlsNode, tlsKey } from './tls-node.ts';

const HOST = '127.0.0.1';

describe.skipIf(isMissing('openssl'))(
  'P4 beside openssl s_client and s_server, which know only roots',
  () => {
    const folder = temporaryFolder();
    let slices: Slices;
    let node: TlsNode;
    let server: PeerServer | undefined;
    const started: OpensslPeer[] = [];

    beforeEach(async () => {
      slices = await openSlices(Math.floor(Date.now() / 1000));
      node = await startNode(slices);
    });
    afterEach(async () => {
      for (const one of started.splice(0)) await one.stop();
      await server?.close();
      server = undefined;
      await node.close();
    });
    afterAll(() => folder.remove());

    const openssl = (...args: string[]): OpensslPeer => {
      const peer = startOpenssl(...args);
      started.push(peer);
      return peer;
    };
    const nameOf = ({ domain }: Member) => `smf.${domain}`;
    const certificateOf = async (member: Member): Promise<Certified> => {
      const own = await slices.nf(member, nameOf(member), { slices: [SLICE], more: { key: tlsKey() } });
      await slices.publish(member, 'network-function', own);
      return own;
    };
    const bundleName = ({ party }: Member): BundleName => ({
      kind: 'slice',
      operator: party.did,
      slice: SLICE,
    });
    const peersOf = async (member: Member): Promise<TestPeers> => {
      const peers = node.peers(node.view(bundleName(member)), await certificateOf(member));
      await peers.look();
      return peers;
    };
    /** As an operator configures its programs: files, and the bundle by HTTP. */
    const filesOf = (own: Certified): string[] => [
      ...['-cert', folder.write('own.pem', pem(own.certificate))],
      ...['-key', folder.write('own.key', (own.key as TlsKey).pem)],
    ];
    const bundleFile = async ({ party }: Member): Promise<string[]> => {
      const answer = await fetch(`${node.url}/v1/pki/bundles/${party.did}/${SLICE}.pem`);
      return ['-CAfile', folder.write('bundle.pem', await answer.text())];
    };
    /** Before, during and after a relation; what each came to. */
    const course = async (attempt: () => Promise<string>): Promise<string[]> => {
      const results = [await attempt()];
      const until = slices.world.now() + 60;
      await slices.relate(slices.a, slices.b, { until });
      results.push(await attempt());
      await node.later(60);
      results.push(await attempt());
      return results;
    };

    it('s_client of A reaches a peer of B only while the relation lasts', async () => {
      const b = await peersOf(slices.b);
      server = await b.listen({ host: HOST, port: 0 }, ({ socket }) => {
        socket.on('error', () => {}).on('data', (data) => socket.write(`heard ${data}`));
      });
      const { port } = server;
      const own = filesOf(await certificateOf(slices.a));
      const name = nameOf(slices.b);
      const results = await course(async () => {
        await b.look();
        const roots = await bundleFile(slices.a);
        const host = ['-connect', `${HOST}:${port}`, '-servername', name, '-verify_hostname', name];
        const client = openssl('s_client', '-verify_return_error', '-quiet', ...host, ...own, ...roots);
        client.type('hello\n');
        try {
          return (await client.says(/heard hello/))[0];
        } catch {
          return /verify error.*|unable to get local issuer.*/.exec(client.output())?.[0] ?? client.output();
        }
      });
      expect(results).toEqual([
        expect.stringMatching(/verify error|unable to get/),
        'heard hello',
        expect.stringMatching(/verify error|unable to get/),
      ]);
    });

    it('s_server of B is reached by a peer of A only while the relation lasts', async () => {
      const a = await peersOf(slices.a);
      const own = filesOf(await certificateOf(slices.b));
      const results = await course(async () => {
        await a.look();
        const roots = await bundleFile(slices.b);
        const accept = ['-accept', `${HOST}:0`, '-Verify', '2', '-verify_return_error'];
        const program = openssl('s_server', ...accept, ...own, ...roots);
        const port = Number((await program.says(/ACCEPT \S+:(\d+)/))[1]);
        try {
          const { socket } = await a.connect({ host: HOST, port, hostname: nameOf(slices.b) });
          socket.on('error', () => {}).write('hello from A\n');
          return (await program.says(/hello from A/))[0];
        } catch (error) {
          return isAppError(error) ? error.message : program.output();
        } finally {
          await program.stop();
        }
      });
      const refused = (version: number) => expect.stringContaining(`trust list version ${version}`);
      const version = slices.world.pki.trustVersion();
      expect(results).toEqual([refused(version - 1), 'hello from A', refused(version)]);
    });

    it('s_server that trusts a ledger root takes a peer of B by a cross-certificate, and none without one', async () => {
      await slices.relate(slices.a, slices.b);
      await slices.relate(slices.a, slices.c);
      const { world } = slices;
      const [key, now] = [await freshKey(), world.now()];
      const times = { notBefore: now - 3600, notAfter: now + 86_400 };
      const root = await signLedgerRoot({ name: 'Ledger root of A', key, ...times });
      const clock = { now: () => now * 1000 };
      const name = bundleName(slices.a);
      const members = selectMembers(world.pki, name, now);
      const { anchors } = bundleOf(world.ledger.state('pki'), { name, members, at: now });
      const ofB = anchors.find(({ id }) => toHex(id) === toHex(slices.b.anchor)) as TrustedAnchor;
      const cross = await issueCrossCertificate(ofB, { certificate: root, key, clock });
      const trusting = ['-CAfile', folder.write('root.pem', [root, cross].map((one) => pem(one)).join(''))];
      const own = filesOf(await certificateOf(slices.a));
      const accept = ['-accept', `${HOST}:0`, '-Verify', '3', '-verify_return_error', '-x509_strict'];
      const program = openssl('s_server', ...accept, ...own, ...trusting);
      const port = Number((await program.says(/ACCEPT \S+:(\d+)/))[1]);
      const greet = async (member: Member) => {
        const peers = await peersOf(member);
        const { socket } = await peers.connect({ host: HOST, port, hostname: nameOf(slices.a) });
        socket.on('error', () => {}).write(`hello from ${member.domain}\n`);
        return socket;
      };
      const socket = await greet(slices.b);
      await program.says(/hello from mnc002/);
      socket.destroy();
      await greet(slices.c);
      await program.says(/certificate verify failed/);
      expect(program.output()).not.toContain('hello from mnc003');
    });
  },
);
