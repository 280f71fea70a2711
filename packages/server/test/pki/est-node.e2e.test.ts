import { scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EKU, parseCertificate, writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, pem, run, temporaryFolder } from '../../../pki/test/front/fixtures/programs.ts';
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

const GATEWAY = 'segw.mnc001.mcc460.3gppnetwork.org';
const HOST = 'localhost';
const SECRET = 'of:this test';

describe.skipIf(isMissing('pki', 'curl', 'openssl'))(
  'a node asked by strongSwan pki and curl over EST',
  () => {
    const folder = temporaryFolder();
    let network: PkiNetwork;
    let url: string;

    beforeAll(async () => {
      network = await openPkiNetwork();
      const [port, plain] = [await freePort(), await freePort()];
      url = `https://${HOST}:${port}`;
      const web = await authorityOf('Web');
      const key = deviceKey();
      // `localhost` as the only alternative name.
      const subjectAltName = Uint8Array.of(0x30, 2 + HOST.length, 0x82, HOST.length, ...Buffer.from(HOST));
      const certificate = await web.issue({
        ...{ subject: writeName([['commonName', HOST]]), spki: key.spki, subjectAltName },
        profile: { keyUsage: ['digitalSignature'], extKeyUsage: [EKU.serverAuth], lifetime: 86_400 },
      });
      const salt = Buffer.alloc(16, 7);
      const hash = scryptSync(SECRET, salt, 32, { N: 16_384, r: 8, p: 1 });
      await network.startNode({
        ...{ url: `http://127.0.0.1:${plain}`, plain: { port: plain }, cmp: {} },
        ca: {
          name: 'Operator CA',
          profiles: {
            cells: { role: 'small-cell' },
            gateways: { role: 'security-gateway', names: [GATEWAY], accounts: ['installer'] },
          },
        },
        est: {
          ...{ origin: url, port, certFile: folder.write('tls.pem', pem(certificate)) },
          keyFile: folder.write('tls.key', key.pem),
          accounts: [
            { name: 'installer', password: `scrypt:${salt.toString('hex')}:${hash.toString('hex')}` },
          ],
        },
      });
      const answer = await fetch(`http://127.0.0.1:${plain}/pki/ca.crt`);
      const ca = new Uint8Array(await answer.arrayBuffer());
      await network.admit(ca, await operatorScope(network.operator));
      const vendor = await authorityOf('Vendor');
      await network.admit(vendor.certificate, await vendorScope(network.vendor));
      folder.write('web.pem', pem(web.certificate));
      folder.write('root.pem', pem(ca));
      const devices = {
        cell: await makeDevice(vendor, 'AC5G-000001'),
        rogue: await makeDevice(await authorityOf('Rogue'), 'AC5G-000002'),
      };
      for (const [name, device] of Object.entries(devices)) {
        folder.write(`${name}.key`, device.pem);
        folder.write(`${name}.pem`, pem(device.certificate));
      }
      for (const name of ['first', 'second', 'third']) folder.write(`${name}.key`, deviceKey().pem);
      plainPort = plain;
    });
    let plainPort: number;
    afterAll(async () => {
      await network?.close();
      folder.remove();
    });

    /** Output of `pki` goes to a file where it is asked for: certificates in PEM. */
    const pki = (command: string, args: readonly string[], to?: string) => {
      const quoted = [command, ...args].map((word) => `'${word}'`).join(' ');
      return run('sh', ['-c', `pki ${quoted}${to ? ` > '${folder.at(to)}'` : ''}`]);
    };
    const curl = (path: string, ...args: string[]) => {
      const where = `${url}/.well-known/est/${path}`;
      return run('curl', ['-sS', '--cacert', folder.at('web.pem'), '-w', '\n%{http_code}', ...args, where]);
    };
    /** What csrattrs says that a request shall hold. */
    const nonce = async (): Promise<string> => {
      const { output } = await curl('gateways/csrattrs');
      return (
        /[0-9a-f]{64}/.exec(Buffer.from(output.split('\n')[0] ?? '', 'base64').toString('latin1'))?.[0] ?? ''
      );
    };
    const request = async (key: string, password: string, name = GATEWAY): Promise<void> => {
      const args = ['--in', folder.at(`${key}.key`), '--type', 'priv', '--dn', `CN=${name}`, '--san', name];
      const made = await pki('--req', [...args, '--password', password], `${key}.csr`);
      expect(made.code, made.output).toBe(0);
    };
    const enrol = (key: string, ...more: string[]) => {
      const args = ['--url', url, '--cacert', folder.at('web.pem'), '--cacert', folder.at('root.pem')];
      return pki(
        '--est',
        [...args, '--in', folder.at(`${key}.csr`), ...more, '--outform', 'pem'],
        `${key}.pem`,
      );
    };
    const post = (path: string, key: string, ...more: string[]) => {
      const body = readFileSync(folder.at(`${key}.csr`)).toString('base64');
      const type = ['-H', 'content-type: application/pkcs10'];
      return curl(path, '--data-binary', `@${folder.write('body', body)}`, ...type, ...more);
    };
    const account = ['-u', `installer:${SECRET}`];
    const withCertificate = (name: string): string[] => [
      ...['--cert', folder.at(`${name}.pem`), '--key', folder.at(`${name}.key`)],
    ];
    const published = (): number => network.pki.statusSet(network.pki.now()).count;

    test('CA certificates are read by pki --estca', async () => {
      const args = ['--url', url, '--cacert', folder.at('web.pem'), '--cacert', folder.at('root.pem')];
      const { code, output } = await pki('--estca', [...args, '--caout', folder.at('ca'), '--force']);
      expect(output).toContain('Operator CA');
      expect(code).toBe(0);
    });

    test('a gateway enrols with name and password over the challenge of the day, and is on the ledger', async () => {
      await request('first', await nonce());
      const { code, output } = await enrol('first', '--userpass', `installer:${SECRET}`);
      expect(code, output).toBe(0);
      const certificate = folder.certificate('first.pem');
      const { record, verdict } = network.pki.check(certificate);
      expect([verdict, record?.role]).toEqual(['good', 'security-gateway']);
      expect(parseCertificate(certificate).extensions.san).toEqual([{ kind: 'dns', value: GATEWAY }]);
    });

    test('an answer that got lost is had again by the same request', async () => {
      const before = published();
      expect((await post('simpleenroll', 'first', ...account)).output).toMatch(/200$/);
      expect(published()).toBe(before);
    });

    test('it renews over TLS with what it has, and the former is superseded', async () => {
      await request('second', await nonce());
      const subject = await run('openssl', ['x509', '-in', folder.at('first.pem'), '-noout', '-subject']);
      expect(subject.output).toContain('O = Operator');
      // A renewal has the subject of what it renews (RFC 7030 §4.2.2).
      const csr = ['--in', folder.at('second.key'), '--type', 'priv', '--san', GATEWAY];
      const dn = ['--dn', `O=Operator, CN=${GATEWAY}`, '--password', await nonce()];
      await pki('--req', [...csr, ...dn], 'second.csr');
      const { code, output } = await enrol('second', ...withCertificate('first'));
      expect(code, output).toBe(0);
      expect(network.pki.check(folder.certificate('second.pem')).verdict).toBe('good');
      expect(network.pki.check(folder.certificate('first.pem')).record?.status).toBe('superseded');
    });

    test('a stored request proves nothing, and nothing is issued for it', async () => {
      const before = published();
      await request('third', 'ab'.repeat(32));
      expect((await post('simpleenroll', 'third', ...account)).output).toMatch(/est_challenge[\s\S]*403$/);
      expect(published()).toBe(before);
    });

    test('a name that its profile does not have is refused', async () => {
      await request('third', await nonce(), 'other.mnc001.mcc460.3gppnetwork.org');
      expect((await post('simpleenroll', 'third', ...account)).output).toMatch(/enrol_name[\s\S]*403$/);
    });

    test('a wrong password, and a label that nobody may enrol under, are refused', async () => {
      await request('third', await nonce());
      expect((await post('simpleenroll', 'third', '-u', 'installer:no')).output).toMatch(/401$/);
      expect((await post('cells/simpleenroll', 'third', ...account)).output).toMatch(
        /enrol_not_allowed[\s\S]*403$/,
      );
      expect((await post('none/simpleenroll', 'third', ...account)).output).toMatch(
        /enrol_profile_unknown[\s\S]*404$/,
      );
    });

    test('a rogue vendor’s device is refused, whatever password it adds', async () => {
      const { output } = await post('simpleenroll', 'third', ...withCertificate('rogue'), ...account);
      expect(output).toMatch(/path_untrusted[\s\S]*422$/);
    });

    test('a cell’s vendor certificate in TLS is no proof for others: it enrols by CMP, and renews here', async () => {
      const refused = await post('simpleenroll', 'third', ...withCertificate('cell'));
      expect(refused.output).toMatch(/enrol_origin_unproven[\s\S]*403$/);
      const byCmp = await run('openssl', [
        ...['cmp', '-server', `127.0.0.1:${plainPort}`, '-path', '.well-known/cmp', '-cmd', 'ir'],
        ...[
          '-trusted',
          folder.at('root.pem'),
          ...['-cert', folder.at('cell.pem'), '-key', folder.at('cell.key')],
        ],
        ...['-newkey', folder.at('third.key'), '-subject', '/CN=cell', '-certout', folder.at('third.pem')],
      ]);
      expect(byCmp.code, byCmp.output).toBe(0);
      folder.write('renewed.key', deviceKey().pem);
      const args = ['--in', folder.at('renewed.key'), '--type', 'priv', '--password', await nonce()];
      const dn = ['--dn', 'O=Operator, CN=AC5G-000001, serialNumber=AC5G-000001'];
      await pki('--req', [...args, ...dn], 'renewed.csr');
      const { output } = await post('simplereenroll', 'renewed', ...withCertificate('third'));
      expect(output).toMatch(/200$/);
      expect(network.pki.check(folder.certificate('third.pem')).record?.status).toBe('superseded');
    });
  },
);
