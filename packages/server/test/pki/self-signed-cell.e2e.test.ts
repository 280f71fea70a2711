import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Bytes, equalBytes, systemClock, systemRandom, unixSeconds } from '@attestel/core';
import {
  anchorIdOf,
  batchIdOf,
  certificateHash,
  createPublisher,
  ensureTokenKey,
  possessionStatement,
} from '@attestel/pki';
import { extension, writeCertificate, writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, pem, run, temporaryFolder } from '../../../pki/test/front/fixtures/programs.ts';
import {
  deviceKey,
  freePort,
  type Member,
  NETWORK,
  openPkiNetwork,
  operatorScope,
  type PkiNetwork,
  vendorScope,
} from './fixtures/pki-network.ts';

const DAY = 86_400;

/** A cell whose vendor has no CA: it signed its own certificate. */
async function makeCell(serial: string) {
  const key = deviceKey();
  const subject = writeName([['serialNumber', serial]]);
  const notBefore = unixSeconds(systemClock) - 60;
  const certificate = await writeCertificate(
    {
      ...{ serial: systemRandom.bytes(16).with(0, 0x41), issuer: subject, subject, spki: key.spki },
      ...{ notBefore, notAfter: notBefore + 300 * DAY, signatureAlgorithm: 'ecdsa-sha256' },
      extensions: [extension.basicConstraints({ ca: false }), extension.keyUsage(['digitalSignature'])],
    },
    (tbs) => new Uint8Array(sign('sha256', tbs, key.pem)),
  );
  return { ...key, certificate };
}

describe.skipIf(isMissing('openssl', 'curl'))(
  'a cell with a self-signed certificate of its vendor’s batch',
  () => {
    const folder = temporaryFolder();
    let network: PkiNetwork;
    let port: number;
    let anchor: Bytes;
    let est: string;

    beforeAll(async () => {
      network = await openPkiNetwork();
      port = await freePort();
      const estPort = await freePort();
      est = `https://localhost:${estPort}/.well-known/est`;
      const tls = await makeCell('tls');
      const files = {
        certFile: folder.write('tls.pem', pem(tls.certificate)),
        keyFile: folder.write('tls.key', tls.pem),
      };
      await network.startNode({
        ...{ url: `http://127.0.0.1:${port}`, plain: { port }, ocsp: {}, cmp: {} },
        ca: { name: 'Operator CA', profiles: { cells: { role: 'small-cell' } } },
        est: { ...files, origin: new URL(est).origin, port: estPort },
      });
      const ca = new Uint8Array(await (await fetch(`http://127.0.0.1:${port}/pki/ca.crt`)).arrayBuffer());
      await network.admit(ca, await operatorScope(network.operator));
      folder.write('root.pem', pem(ca));
      const scope = await vendorScope(network.vendor);
      await network.admit(null, scope);
      anchor = anchorIdOf(null, scope);
    });
    afterAll(async () => {
      await network?.close();
      folder.remove();
    });

    /** The vendor authorises a batch for an operator and publishes the cell under it. */
    const deliver = async (number: number, destination: Member | null): Promise<Bytes> => {
      const { vendor, ledger, pki } = network;
      const terms = {
        ...{ anchor, product: 'AC-5G', number: `PO-${number}`, count: 1, line: null },
        serials: { prefix: 'AC5G-', digits: 6, from: number, to: number },
        ...{ expiry: unixSeconds(systemClock) + DAY, destination: destination?.did ?? null },
      };
      await network.act('batch.authorise', terms, [vendor]);
      const batch = batchIdOf(terms, { network: NETWORK, vendor: vendor.did });
      const cell = await makeCell(`AC5G-${String(number).padStart(6, '0')}`);
      folder.write('idev.key', cell.pem);
      folder.write('idev.pem', pem(cell.certificate));
      folder.write('op.key', deviceKey().pem);
      const claim = { network: NETWORK, challenge: batch, submitter: vendor.did };
      const statement = possessionStatement({ ...claim, certificate: certificateHash(cell.certificate) });
      const possession = new Uint8Array(sign('sha256', statement, cell.pem));
      const publisher = createPublisher({
        ...{ ledger, pki, did: vendor.did, signer: vendor.signer, clock: systemClock, random: systemRandom },
        tokenKey: await ensureTokenKey(vendor.keyStore),
      });
      const { results } = await publisher.publish({
        ...{ role: 'small-cell', anchor, batch, challenge: batch, intermediates: [], source: null },
        items: [{ certificate: cell.certificate, possession, replaces: null, origin: null }],
      });
      expect(results).toMatchObject([{ ok: true }]);
      return batch;
    };
    /** OpenSSL leaves self-signed certificates out of what it sends along, unless it is told. */
    const enrol = () =>
      run('openssl', [
        ...['cmp', '-server', `127.0.0.1:${port}`, '-path', '.well-known/cmp', '-cmd', 'ir'],
        ...['-trusted', folder.at('root.pem'), '-cert', folder.at('idev.pem'), '-key', folder.at('idev.key')],
        ...['-extracerts', folder.at('idev.pem'), '-newkey', folder.at('op.key'), '-subject', '/CN=me'],
        ...['-certout', folder.at('op.pem')],
      ]);

    test('exchanges it for one of its operator, which any gateway can check', async () => {
      await deliver(1, network.operator);
      const { code, output } = await enrol();
      expect(code, output).toBe(0);
      const certificate = folder.certificate('op.pem');
      const { verdict, record } = network.pki.check(certificate);
      expect(verdict).toBe('good');
      const ca = certificateHash(folder.certificate('root.pem'));
      expect(record && equalBytes(record.anchor, ca)).toBe(true);
      const verified = await run('openssl', [
        'verify',
        '-CAfile',
        folder.at('root.pem'),
        folder.at('op.pem'),
      ]);
      expect(verified.code, verified.output).toBe(0);
    });

    /** Enrols over EST, the certificate of the vendor in TLS. The server's own certificate is no matter here. */
    const enrolByEst = async (): Promise<string> => {
      const curl = (path: string, ...args: string[]) =>
        run('curl', ['-sSk', '-w', '\n%{http_code}', ...args, `${est}/${path}`]);
      const { output } = await curl('csrattrs');
      const attributes = Buffer.from(output.split('\n')[0] ?? '', 'base64').toString('latin1');
      const nonce = /[0-9a-f]{64}/.exec(attributes)?.[0];
      const lines = ['[req]', 'prompt = no', 'distinguished_name = dn', 'attributes = attributes', '[dn]'];
      folder.write(
        'req.cnf',
        [...lines, 'CN = me', '[attributes]', `challengePassword = ${nonce}`].join('\n'),
      );
      const csr = ['-key', folder.at('op.key'), '-outform', 'DER', '-out', folder.at('csr')];
      await run('openssl', ['req', '-new', '-config', folder.at('req.cnf'), ...csr]);
      folder.write('csr.b64', readFileSync(folder.at('csr')).toString('base64'));
      const tls = ['--cert', folder.at('idev.pem'), '--key', folder.at('idev.key')];
      const body = ['--data-binary', `@${folder.at('csr.b64')}`, '-H', 'content-type: application/pkcs10'];
      return (await curl('simpleenroll', ...tls, ...body)).output;
    };

    test('exchanges it over EST too: that the vendor made it for this operator is on the ledger', async () => {
      await deliver(4, network.operator);
      const before = network.pki.statusSet(network.pki.now()).count;
      expect(await enrolByEst()).toMatch(/200$/);
      expect(network.pki.statusSet(network.pki.now()).count).toBe(before + 1);
      const origin = certificateHash(folder.certificate('idev.pem'));
      expect(network.pki.certificate(origin)?.status).toBe('good');
    });

    test('gets nothing over EST where its batch is for nobody in particular, or for another', async () => {
      await deliver(5, network.other);
      expect(await enrolByEst()).toMatch(/enrol_destination[\s\S]*403$/);
      await deliver(6, null);
      expect(await enrolByEst()).toMatch(/enrol_origin_unproven[\s\S]*403$/);
      expect((await enrol()).code).toBe(0);
    });

    test('gets nothing from an operator that it was not made for', async () => {
      await deliver(2, network.other);
      expect((await enrol()).output).toContain('the vendor made the device for another operator');
    });

    test('gets nothing while its batch is suspended', async () => {
      const batch = await deliver(3, network.operator);
      const previous = network.pki.batch(batch)?.operation ?? null;
      await network.act('batch.suspend', { batch, reason: 'clone-detected' }, [network.vendor], previous);
      expect((await enrol()).output).toContain('signerNotTrusted');
    });
  },
);
