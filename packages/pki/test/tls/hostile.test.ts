import { once } from 'node:events';
import { createServer, get } from 'node:https';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { parseCertificate } from '@attestel/x509';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkPeer, judgePeer } from '../../src/tls/judge-peer.ts';
import type { PeerServer } from '../../src/tls/ledger-peers.ts';
import type { LedgerView } from '../../src/tls/ledger-view.ts';
import {
  chainOf,
  createCheckServerIdentity,
  createLedgerSecureContext,
  ledgerSecureContextOptions,
} from '../../src/tls/secure-context.ts';
import { openSlices, SLICE, type Slices } from '../bundle/slices.ts';
import { pem } from '../front/fixtures/programs.ts';
import type { Certified } from '../ledger/devices.ts';
import { startNode, type TestPeers, type TlsKey, type TlsNode, tlsKey } from './tls-node.ts';

const HOST = '127.0.0.1';

let slices: Slices;
let node: TlsNode;
let own: Certified;
let view: LedgerView;
let peers: TestPeers;
let server: PeerServer;
let name: string;

beforeEach(async () => {
  slices = await openSlices(Math.floor(Date.now() / 1000));
  node = await startNode(slices);
  name = `smf.${slices.a.domain}`;
  own = await slices.nf(slices.a, name, { more: { key: tlsKey() } });
  await slices.publish(slices.a, 'network-function', own);
  view = node.view({ kind: 'slice', operator: slices.a.party.did, slice: SLICE });
  peers = node.peers(view, own);
  await peers.look();
  server = await peers.listen({ host: HOST, port: 0 }, ({ socket }) => {
    socket.on('error', () => {}).write('hello');
  });
});
afterEach(async () => {
  await server.close();
  await node.close();
});

const identity = () => ({ cert: pem(own.certificate), key: (own.key as TlsKey).pem });
const isServing = async (): Promise<boolean> => {
  const { socket } = await peers.connect({ host: HOST, port: server.port, hostname: name });
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer) === 'hello';
};

describe('a server of TLS peers', () => {
  it('refuses who shows no certificate, and goes on', async () => {
    const options = { host: HOST, port: server.port, servername: name, rejectUnauthorized: false };
    const socket: TLSSocket = connect(options);
    socket.on('error', () => {});
    await once(socket, 'close');
    await vi.waitFor(() => expect(peers.refused).toMatchObject([{ code: 'tls_no_certificate' }]), 20_000);
    expect(await isServing()).toBe(true);
  });

  it('is not disturbed by what is no TLS, or ends in the middle of it', async () => {
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\x02\x00\x01', '']) {
      const socket = connectTcp({ host: HOST, port: server.port });
      socket.on('error', () => {}).end(bytes);
      await once(socket, 'close');
    }
    expect(await isServing()).toBe(true);
  });

  it('refuses everybody while it knows nobody it could trust', async () => {
    const lost = node.peers(node.view({ kind: 'slice', operator: slices.a.party.did, slice: '03' }), own);
    const unheard = await lost.listen({ host: HOST, port: 0 }, () => {});
    const to = { host: HOST, port: unheard.port, hostname: name };
    await expect(peers.connect(to)).rejects.toMatchObject({ code: 'tls_handshake' });
    await lost.look();
    // A slice that nobody has: an empty bundle, not the roots that the platform brings along.
    await expect(peers.connect(to)).rejects.toMatchObject({ code: 'tls_handshake' });
    expect(() => ledgerSecureContextOptions({ ...view.bundle(), anchors: [] }, identity())).toThrow(
      expect.objectContaining({ code: 'tls_untrusted' }),
    );
    await unheard.close();
  });
});

describe('a certificate that a stolen CA key signed', () => {
  it('is refused though chain, name and serial number are those of a good one', async () => {
    const { serial } = parseCertificate(own.certificate);
    const copy = await slices.nf(slices.a, name, { more: { key: tlsKey(), serial } });
    const rogue = node.peers(node.view(view.name), copy);
    await rogue.look();
    const { port, close } = await rogue.listen({ host: HOST, port: 0 }, () => {});
    await expect(peers.connect({ host: HOST, port, hostname: name })).rejects.toMatchObject({
      ...{ code: 'tls_standing', field: 'certificate_unknown' },
    });
    await close();
  });
});

describe('chains that a peer shows', () => {
  it('are refused when they are empty, too long, no certificates, or others’ instead of its own', () => {
    const bundle = view.bundle();
    const code = (chain: readonly Uint8Array[]) => {
      try {
        judgePeer(chain, bundle, view.roles);
        return 'taken';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code([own.certificate])).toBe('taken');
    expect(code([])).toBe('tls_no_certificate');
    expect(code(Array.from({ length: 9 }, () => own.certificate))).toBe('tls_no_certificate');
    expect(code([own.certificate.subarray(0, -1)])).toBe('tls_path');
    expect(code([own.certificate, new Uint8Array(100)])).toBe('tls_path');
    expect(code([slices.b.root.certificate])).toMatch(/^tls_/);
    // A root that is trusted is still no peer.
    expect(code([slices.a.root.certificate])).toMatch(/^tls_/);
  });
});

describe('hooks for node:https', () => {
  it('let a request through by the bundle, and checkPeer tells whether the certificate is good', async () => {
    const other = await slices.nf(slices.b, `smf.${slices.b.domain}`, { more: { key: tlsKey() } });
    const tls = { cert: pem(other.certificate), key: (other.key as TlsKey).pem };
    const web = createServer(tls, (_req, res) => res.end('hello')).listen(0, HOST);
    await once(web, 'listening');
    const ask = () =>
      new Promise<TLSSocket | string>((resolve) => {
        get({
          ...{ host: HOST, port: (web.address() as AddressInfo).port, servername: `smf.${slices.b.domain}` },
          ...{ agent: false, secureContext: createLedgerSecureContext(view, identity()) },
          checkServerIdentity: createCheckServerIdentity(view),
        })
          .on('response', (response) => resolve(response.resume().socket as TLSSocket))
          .on('error', (error: Error & { code?: string }) => resolve(error.code ?? ''));
      });
    expect(await ask()).toMatch(/CERT|ISSUER|SIGNATURE/);
    await slices.relate(slices.a, slices.b);
    await view.refresh();
    const socket = (await ask()) as TLSSocket;
    const chain = chainOf(socket.getPeerCertificate(true));
    await expect(checkPeer(chain, view)).rejects.toMatchObject({ field: 'certificate_unknown' });
    await slices.publish(slices.b, 'network-function', other);
    expect((await checkPeer(chain, view)).facts.dnsNames).toEqual([`smf.${slices.b.domain}`]);
    web.closeAllConnections();
    web.close();
  });
});
