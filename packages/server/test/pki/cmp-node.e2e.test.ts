import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock, systemRandom } from '@attestel/core';
import {
  type CertificateAuthority,
  certificateHash,
  createPublisher,
  ensureTokenKey,
  PROFILES,
  possessionStatement,
} from '@attestel/pki';
import { parseCertificate, writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, pem, run, temporaryFolder } from '../../../pki/test/front/fixtures/programs.ts';
import type { AttestelNode } from '../../src/index.ts';
import {
  authorityOf,
  deviceKey,
  freePort,
  makeDevice,
  NETWORK,
  openPkiNetwork,
  operatorScope,
  type PkiNetwork,
  vendorScope,
} from './fixtures/pki-network.ts';

const DOMAIN = 'cells.mnc001.mcc460.3gppnetwork.org';

describe.skipIf(isMissing('openssl'))('a node of an operator, asked by openssl', () => {
  const folder = temporaryFolder();
  let network: PkiNetwork;
  let node: AttestelNode;
  let plain: string;
  let ocspUrl: string;
  let tooEarly: string;

  beforeAll(async () => {
    network = await openPkiNetwork();
    const port = await freePort();
    plain = `http://127.0.0.1:${port}`;
    const listener = { port: await freePort() };
    ocspUrl = `http://127.0.0.1:${listener.port}`;
    node = await network.startNode({
      ...{ url: plain, plain: { port }, crl: {}, cmp: {} },
      ocsp: { validitySeconds: 1, listener, url: ocspUrl },
      ca: { name: 'Operator CA', profiles: { cells: { role: 'small-cell', domain: DOMAIN } } },
    });
    const vendor = await authorityOf('Vendor');
    await network.admit(vendor.certificate, await vendorScope(network.vendor));
    const ca = await certificateAt('/pki/ca.crt');
    folder.write('root.pem', pem(ca));
    const early = await makeDevice(vendor, 'AC5G-000009');
    folder.write('early.key', early.pem);
    folder.write('early.pem', pem(early.certificate));
    folder.write('none.key', deviceKey().pem);
    tooEarly = (await asks('ir', 'early', 'none', '-subject', '/CN=early')).output;
    await network.admit(ca, await operatorScope(network.operator));
    const foreign = await authorityOf('Other operator');
    await network.admit(foreign.certificate, await operatorScope(network.other, '46002'));
    folder.write('foreign.pem', pem(foreign.certificate));
    folder.write('responder.pem', pem(await certificateAt('/pki/ocsp.crt')));
    const devices = {
      one: await makeDevice(vendor, 'AC5G-000001'),
      two: await makeDevice(vendor, 'AC5G-000002'),
      rogue: await makeDevice(await authorityOf('Rogue'), 'AC5G-000003'),
      stranger: await makeDevice(foreign, 'AC5G-000004'),
      gateway: await otherGateway(foreign),
    };
    for (const [name, device] of Object.entries(devices)) {
      folder.write(`${name}.key`, device.pem);
      folder.write(`${name}.pem`, pem(device.certificate));
    }
    for (const name of ['first', 'second', 'third', 'fourth']) folder.write(`${name}.key`, deviceKey().pem);
  });
  afterAll(async () => {
    await network?.close();
    folder.remove();
  });

  /** Published by the other operator, under its own CA. */
  const otherGateway = async (foreign: CertificateAuthority) => {
    const { other, ledger, pki: reads } = network;
    const key = deviceKey();
    const name = 'segw.mnc002.mcc460.3gppnetwork.org';
    const certificate = await foreign.issue({
      ...{
        subject: writeName([['commonName', name]]),
        spki: key.spki,
        profile: PROFILES['security-gateway'],
      },
      subjectAltName: Uint8Array.of(0x30, 2 + name.length, 0x82, name.length, ...Buffer.from(name)),
    });
    const publisher = createPublisher({
      ...{
        ledger,
        pki: reads,
        did: other.did,
        signer: other.signer,
        clock: systemClock,
        random: systemRandom,
      },
      tokenKey: await ensureTokenKey(other.keyStore),
    });
    const { id: challenge } = await publisher.challenge();
    const claim = { network: NETWORK, challenge, submitter: other.did };
    const statement = possessionStatement({ ...claim, certificate: certificateHash(certificate) });
    const possession = new Uint8Array(sign('sha256', statement, key.pem));
    const anchor = certificateHash(foreign.certificate);
    const { results } = await publisher.publish({
      ...{ role: 'security-gateway', anchor, batch: null, challenge, intermediates: [], source: null },
      items: [{ certificate, possession, replaces: null, origin: null }],
    });
    expect(results).toMatchObject([{ ok: true }]);
    return { ...key, certificate };
  };
  const certificateAt = async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(`${plain}${path}`)).arrayBuffer());
  const cmp = (...args: string[]) =>
    run('openssl', [
      ...['cmp', '-server', plain.slice('http://'.length), '-path', '.well-known/cmp'],
      ...['-trusted', folder.at('root.pem'), ...args],
    ]);
  const signedBy = (name: string): string[] => [
    ...['-cert', folder.at(`${name}.pem`), '-key', folder.at(`${name}.key`)],
  ];
  const asks = (command: string, signer: string, key: string, ...more: string[]) =>
    cmp(
      ...['-cmd', command, ...signedBy(signer), '-newkey', folder.at(`${key}.key`)],
      ...['-certout', folder.at(`${key}.pem`), ...more],
    );
  const verdictOf = (name: string) => network.pki.check(folder.certificate(`${name}.pem`)).verdict;
  const published = (): number => network.pki.statusSet(network.pki.now()).count;
  /** The node's own listener for OCSP answers; the one that has other routes, too, has to say the same. */
  const ocsp = async (issuer: string, name: string, ...more: string[]) => {
    const [own, shared] = await Promise.all(
      [ocspUrl, plain].map((origin) =>
        run('openssl', [
          ...['ocsp', '-issuer', folder.at(issuer), '-cert', folder.at(`${name}.pem`)],
          ...['-url', `${origin}/ocsp`, '-CAfile', folder.at(issuer), ...more],
        ]),
      ),
    );
    const wordOf = (output = ''): string | undefined => /\.pem: (\w+)/.exec(output)?.[1];
    expect(wordOf(own?.output)).toBe(wordOf(shared?.output));
    return { output: own?.output ?? '' };
  };
  const crlCheck = async (name: string) => {
    const { extensions } = parseCertificate(folder.certificate(`${name}.pem`));
    const [point] = extensions.crlDp ?? [];
    const [url] = point?.name && 'fullName' in point.name ? point.name.fullName : [];
    const crl = await fetch(url?.kind === 'uri' ? url.value : '');
    folder.write('ca.crl', new Uint8Array(await crl.arrayBuffer()));
    await run('openssl', ['crl', '-inform', 'DER', '-in', folder.at('ca.crl'), '-out', folder.at('crl.pem')]);
    const files = ['-CAfile', folder.at('root.pem'), '-CRLfile', folder.at('crl.pem')];
    return run('openssl', ['verify', '-x509_strict', '-crl_check', ...files, folder.at(`${name}.pem`)]);
  };

  test('before its CA is an anchor of the ledger, a node issues nothing', () => {
    expect(tooEarly).toContain('systemUnavail');
  });

  test('a cell’s first request ends in a certificate on the ledger, under the name that its operator gives it', async () => {
    const { code, output } = await asks('ir', 'one', 'first', '-subject', '/CN=segw');
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
    const certificate = folder.certificate('first.pem');
    expect(network.pki.check(certificate)).toMatchObject({ verdict: 'good', record: { role: 'small-cell' } });
    expect(parseCertificate(certificate).extensions.san).toEqual([
      { kind: 'dns', value: `ac5g-000001.${DOMAIN}` },
    ]);
    const hash = Buffer.from(certificateHash(certificate)).toString('hex');
    const answer = await fetch(`${node.origin}/v1/pki/certificates/${hash}`);
    expect(await answer.json()).toMatchObject({ verdict: 'good' });
    expect(answer.headers.get('attestel-receipt')).not.toBeNull();
  });

  test('asked again with the same key, it gets the same certificate, and nothing is published twice', async () => {
    const before = [folder.certificate('first.pem'), published()];
    const { code } = await asks('ir', 'one', 'first', '-subject', '/CN=segw');
    expect(code).toBe(0);
    expect([folder.certificate('first.pem'), published()]).toEqual(before);
  });

  test('it is good by OCSP and by CRL', async () => {
    expect((await ocsp('root.pem', 'first')).output).toMatch(/first\.pem: good[\s\S]*Response verify OK/);
    expect(await crlCheck('first')).toMatchObject({ code: 0 });
  });

  test('a key update supersedes it', async () => {
    const { code, output } = await asks('kur', 'first', 'second');
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
    expect(verdictOf('second')).toBe('good');
    const successor = certificateHash(folder.certificate('second.pem'));
    expect(network.pki.check(folder.certificate('first.pem')).record).toMatchObject({
      ...{ status: 'superseded', successor },
    });
    expect((await asks('kur', 'first', 'third')).output).toContain('revoked or superseded');
  });

  test('a key update by the same key is none', async () => {
    folder.write('same.key', readFileSync(folder.at('second.key'), 'utf8'));
    expect((await asks('kur', 'second', 'same')).output).toContain('another certificate has this public key');
  });

  test('another operator’s certificate signs well, and is not renewed here', async () => {
    expect((await asks('kur', 'gateway', 'none')).output).toContain('was issued by another operator');
  });

  test('nothing is issued under a label that nobody set up', async () => {
    const path = ['-path', '.well-known/cmp/p/nobody'];
    const { output } = await asks('ir', 'two', 'none', '-subject', '/CN=two', ...path);
    expect(output).toContain('nothing is issued under that label');
  });

  test('another device enrols by PKCS #10', async () => {
    const csr = ['-key', folder.at('third.key'), '-subj', '/CN=two', '-out', folder.at('two.csr')];
    await run('openssl', ['req', '-new', ...csr]);
    const { code, output } = await cmp(
      ...['-cmd', 'p10cr', ...signedBy('two'), '-csr', folder.at('two.csr')],
      ...['-certout', folder.at('third.pem')],
    );
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
    expect(verdictOf('third')).toBe('good');
  });

  test('a device that lost its key enrols anew by its vendor’s certificate', async () => {
    expect((await asks('ir', 'two', 'fourth', '-subject', '/CN=two')).code).toBe(0);
    expect(verdictOf('fourth')).toBe('good');
    expect(network.pki.check(folder.certificate('third.pem')).record?.status).toBe('superseded');
  });

  test('what a device revokes is revoked by OCSP and CRL, and stays so', async () => {
    const own = ['-oldcert', folder.at('second.pem'), '-revreason', '1'];
    const { code, output } = await cmp('-cmd', 'rr', ...signedBy('second'), ...own);
    expect(output).toContain('revocation accepted');
    expect(code).toBe(0);
    expect(verdictOf('second')).toBe('revoked');
    const status = await (await fetch(`${node.origin}/v1/pki/status`)).json();
    expect(status.notGood).toContainEqual(
      expect.objectContaining({ status: 'revoked', reason: 'key-compromise' }),
    );
    expect((await ocsp('root.pem', 'second')).output).toMatch(/second\.pem: revoked[\s\S]*keyCompromise/);
    await expect.poll(() => crlCheck('second'), { timeout: 60_000 }).toMatchObject({ code: 2 });
    expect((await asks('kur', 'second', 'third')).output).toContain('signerNotTrusted');
  });

  test('what a device puts on hold is suspended, and it cannot take that back', async () => {
    const hold = ['-oldcert', folder.at('fourth.pem'), '-revreason', '6'];
    expect((await cmp('-cmd', 'rr', ...signedBy('two'), ...hold)).output).toContain('revocation accepted');
    expect(verdictOf('fourth')).toBe('suspended');
    expect((await ocsp('root.pem', 'fourth')).output).toMatch(/fourth\.pem: revoked[\s\S]*certificateHold/);
    const back = ['-oldcert', folder.at('fourth.pem'), '-revreason', '8'];
    expect((await cmp('-cmd', 'rr', ...signedBy('two'), ...back)).output).toContain('not a reason');
    expect((await asks('ir', 'two', 'none', '-subject', '/CN=two')).output).toContain(
      'not good at this time',
    );
  });

  test('a device revokes none but its own', async () => {
    const others = ['-oldcert', folder.at('first.pem')];
    expect((await cmp('-cmd', 'rr', ...signedBy('two'), ...others)).output).toContain('notAuthorized');
  });

  test('a rogue vendor’s device gets nothing, and nothing of it is on the ledger', async () => {
    const before = published();
    const { code, output } = await asks('ir', 'rogue', 'third', '-subject', '/CN=rogue');
    expect(code).not.toBe(0);
    expect(output).toContain('signerNotTrusted');
    expect(published()).toBe(before);
  });

  test('what nobody published is on hold since 1970, of another operator’s CA too, by the responder that gateways trust', async () => {
    const { output } = await ocsp('foreign.pem', 'stranger', '-VAfile', folder.at('responder.pem'));
    expect(output).toMatch(
      /stranger\.pem: revoked[\s\S]*certificateHold[\s\S]*1970[\s\S]*Response verify OK/,
    );
  });

  test('what it issues names the listener for OCSP, whose answers and refusals are counted as those of others', async () => {
    const { aia } = parseCertificate(folder.certificate('first.pem')).extensions;
    expect(JSON.stringify(aia)).toContain(`${ocspUrl}/ocsp`);
    expect((await fetch(`${ocspUrl}/ocsp/MAA=`)).status).toBe(200);
    expect((await fetch(`${ocspUrl}/metrics`)).status).toBe(404);
    const metrics = await (await fetch(`${node.origin}/metrics`)).text();
    const counted = (labels: string): number =>
      Number(new RegExp(`^attestel_http_requests_total\\{${labels},.*\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
    expect(counted('route="/ocsp",method="POST",status="200"')).toBeGreaterThan(0);
    expect(counted('route="/ocsp/\\*request",method="GET",status="200"')).toBe(1);
    expect(counted('route="other",method="other",status="404"')).toBe(1);
  });

  test('what is no CMP or OCSP is answered in their own terms', async () => {
    const post = (path: string, type: string) =>
      fetch(`${plain}${path}`, {
        ...{ method: 'POST', body: new Uint8Array(9), headers: { 'content-type': type } },
      });
    const error = await post('/.well-known/cmp', 'application/pkixcmp');
    expect([error.status, error.headers.get('content-type')]).toEqual([400, 'application/pkixcmp']);
    const malformed = await post('/ocsp', 'application/ocsp-request');
    expect(new Uint8Array(await malformed.arrayBuffer())).toEqual(Uint8Array.of(0x30, 3, 0x0a, 1, 1));
    const large = await fetch(`${plain}/.well-known/cmp`, {
      ...{ method: 'POST', body: new Uint8Array(70_000), headers: { 'content-type': 'application/pkixcmp' } },
    });
    expect(large.status).toBe(413);
  });
});
