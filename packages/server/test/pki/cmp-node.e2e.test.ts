import { certificateHash } from '@attestel/pki';
import { parseCertificate } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttestelNode } from '../../src/index.ts';
import {
  authorityOf,
  deviceKey,
  freePort,
  makeDevice,
  openPkiNetwork,
  operatorScope,
  type PkiNetwork,
  vendorScope,
} from './fixtures/pki-network.ts';
import { isMissing, pem, run, temporaryFolder } from './fixtures/programs.ts';

const DOMAIN = 'cells.mnc001.mcc460.3gppnetwork.org';

describe.skipIf(isMissing('openssl'))('a node of an operator, asked by openssl', () => {
  const folder = temporaryFolder();
  let network: PkiNetwork;
  let node: AttestelNode;
  let plain: string;

  beforeAll(async () => {
    network = await openPkiNetwork();
    const port = await freePort();
    plain = `http://127.0.0.1:${port}`;
    node = await network.startNode({
      ...{ url: plain, plain: { port }, ocsp: {}, crl: {}, cmp: {} },
      ca: { name: 'Operator CA', profiles: { cells: { role: 'small-cell', domain: DOMAIN } } },
    });
    const vendor = await authorityOf('Vendor');
    await network.admit(vendor.certificate, await vendorScope(network.vendor));
    const ca = new Uint8Array(await (await fetch(`${plain}/pki/ca.crt`)).arrayBuffer());
    await network.admit(ca, await operatorScope(network.operator));
    folder.write('root.pem', pem(ca));
    const devices = {
      one: await makeDevice(vendor, 'AC5G-000001'),
      rogue: await makeDevice(await authorityOf('Rogue'), 'AC5G-000002'),
    };
    for (const [name, device] of Object.entries(devices)) {
      folder.write(`${name}.key`, device.pem);
      folder.write(`${name}.pem`, pem(device.certificate));
    }
    for (const name of ['op', 'next', 'third']) folder.write(`${name}.key`, deviceKey().pem);
  });
  afterAll(async () => {
    await network?.close();
    folder.remove();
  });

  const cmp = (...args: string[]) =>
    run('openssl', [
      ...['cmp', '-server', plain.slice('http://'.length), '-path', '.well-known/cmp'],
      ...['-trusted', folder.at('root.pem'), ...args],
    ]);
  const signedBy = (name: string): string[] => [
    ...['-cert', folder.at(`${name}.pem`), '-key', folder.at(`${name}.key`)],
  ];
  const asks = (command: string, signer: string, key: string): Promise<{ code: number; output: string }> =>
    cmp(
      ...['-cmd', command, ...signedBy(signer), '-newkey', folder.at(`${key}.key`), '-subject', '/CN=me'],
      ...['-certout', folder.at(`${key}.pem`)],
    );
  const verdictOf = (name: string) => network.pki.check(folder.certificate(`${name}.pem`)).verdict;

  test('a cell’s first request ends in a certificate on the ledger, under the name that the operator gives it', async () => {
    const { code, output } = await asks('ir', 'one', 'op');
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
    const certificate = folder.certificate('op.pem');
    expect(network.pki.check(certificate)).toMatchObject({ verdict: 'good', record: { role: 'small-cell' } });
    expect(parseCertificate(certificate).extensions.san).toEqual([
      { kind: 'dns', value: `ac5g-000001.${DOMAIN}` },
    ]);
    const hash = Buffer.from(certificateHash(certificate)).toString('hex');
    const answer = await fetch(`${node.origin}/v1/pki/certificates/${hash}`);
    expect(await answer.json()).toMatchObject({ verdict: 'good' });
    expect(answer.headers.get('attestel-receipt')).not.toBeNull();
  });

  test('a rogue vendor’s device gets nothing, and nothing of it is on the ledger', async () => {
    const before = network.pki.statusSet(network.pki.now()).count;
    const { code, output } = await asks('ir', 'rogue', 'third');
    expect(code).not.toBe(0);
    expect(output).toContain('signerNotTrusted');
    expect(network.pki.statusSet(network.pki.now()).count).toBe(before);
  });

  test('and it is good', () => expect(verdictOf('op')).toBe('good'));
});
