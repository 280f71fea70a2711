import { readFileSync } from 'node:fs';
import { systemClock } from '@attestel/core';
import { parseCertificate, writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROFILES } from '../../src/ca/profile.ts';
import { P256_ATTRIBUTES } from '../../src/front/est/csr-attributes.ts';
import { estRoutes } from '../../src/front/est/est.endpoint.ts';
import { nodePeerCertificates } from '../../src/front/est/peer-certificate.ts';
import { deviceKey } from './fixtures/authority.ts';
import { type EnrolmentWorld, enrolmentWorld } from './fixtures/enrolment.ts';
import { fromPem, isMissing, pem, run, temporaryFolder } from './fixtures/programs.ts';
import { type Served, serve } from './fixtures/serve.ts';
import { dnsName, tlsCertificate } from './fixtures/tls.ts';

const folder = temporaryFolder();
let world: EnrolmentWorld;
let served: Served;
const labels: (string | undefined)[] = [];

beforeAll(async () => {
  world = await enrolmentWorld();
  const enrolment = {
    ...world.enrolment,
    caCertificates: (label: string | undefined) => {
      labels.push(label);
      return world.enrolment.caCertificates(label);
    },
  };
  const tls = await tlsCertificate(world.operator);
  served = await serve(
    estRoutes({
      ...{ enrolment, trust: world.trust, peerCertificates: nodePeerCertificates, clock: systemClock },
      checkAccount: async (name, password) => name === 'installer' && password === 'secret:1',
      attributes: () => P256_ATTRIBUTES,
    }),
    { ...tls, requestCert: true, rejectUnauthorized: false },
  );
  folder.write('root.pem', pem(world.operator.certificate));
  for (const name of ['first', 'second']) folder.write(`${name}.key`, deviceKey().pem);
});
afterAll(async () => {
  await served.close();
  folder.remove();
});

const stateOf = (der: Uint8Array) => {
  const { issuer, serial } = parseCertificate(der);
  return world.status.byName(issuer, serial)?.state;
};

describe.skipIf(isMissing('pki'))('strongSwan pki', () => {
  const pki = async (command: string, args: string[], to?: string) => {
    const quoted = [command, ...args].map((word) => `'${word}'`).join(' ');
    return run('sh', ['-c', `pki ${quoted}${to ? ` > '${folder.at(to)}'` : ''}`]);
  };
  const url = () => `https://${dnsName}:${served.port}`;
  const request = async (key: string, dn: string, to: string, ...more: string[]) => {
    const args = ['--in', folder.at(key), '--type', 'priv', '--dn', dn, '--outform', 'pem', ...more];
    await pki('--req', args, to);
  };

  test('--estca gets the CA certificates', async () => {
    const { code, output } = await pki('--estca', [
      ...['--url', url(), '--cacert', folder.at('root.pem'), '--caout', folder.at('ca'), '--force'],
    ]);
    expect(output).toContain('Root CA');
    expect(code).toBe(0);
  });

  test('--est enrols with name and password, then renews over TLS with what it got', async () => {
    await request('first.key', 'CN=cell 1', 'first.csr', '--san', 'cell-1.example');
    const ca = ['--url', url(), '--cacert', folder.at('root.pem'), '--outform', 'pem'];
    const account = ['--userpass', 'installer:secret:1'];
    const enrolled = await pki('--est', [...ca, '--in', folder.at('first.csr'), ...account], 'first.pem');
    expect(enrolled.code, enrolled.output).toBe(0);
    const first = fromPem(readFileSync(folder.at('first.pem'), 'utf8'));
    expect(stateOf(first)).toBe('published');
    expect(parseCertificate(first).extensions.san).toEqual([{ kind: 'dns', value: 'cell-1.example' }]);

    await request('second.key', 'CN=cell 1', 'second.csr', '--san', 'cell-1.example');
    const old = ['--cert', folder.at('first.pem'), '--key', folder.at('first.key')];
    const renewed = await pki('--est', [...ca, '--in', folder.at('second.csr'), ...old], 'second.pem');
    expect(renewed.code, renewed.output).toBe(0);
    expect(stateOf(fromPem(readFileSync(folder.at('second.pem'), 'utf8')))).toBe('published');
  });
});

describe.skipIf(isMissing('curl'))('curl', () => {
  const curl = (path: string, ...args: string[]) =>
    run('curl', [
      ...['-sS', '--cacert', folder.at('root.pem'), '--resolve', `${dnsName}:${served.port}:127.0.0.1`],
      ...['-w', '\n%{http_code}', ...args, `https://${dnsName}:${served.port}/.well-known/est/${path}`],
    ]);
  const post = (path: string, body: string, ...args: string[]) => {
    folder.write('body.b64', body);
    const type = ['-H', 'content-type: application/pkcs10'];
    return curl(path, '--data-binary', `@${folder.at('body.b64')}`, ...type, ...args);
  };
  const csr = async (key: string, subject: string): Promise<string> => {
    const args = ['req', '-new', '-key', folder.at(key), '-subj', subject, '-outform', 'DER'];
    await run('openssl', [...args, '-out', folder.at('csr.der')]);
    return readFileSync(folder.at('csr.der')).toString('base64');
  };
  const certificateIn = async (output: string): Promise<Uint8Array> => {
    folder.write('answer.p7', Buffer.from(output.split('\n')[0] ?? '', 'base64'));
    const args = ['pkcs7', '-inform', 'DER', '-in', folder.at('answer.p7'), '-print_certs'];
    const { output: certificates } = await run('openssl', args);
    return fromPem(/-----BEGIN[\s\S]*?END CERTIFICATE-----/.exec(certificates)?.[0] ?? '');
  };

  test('cacerts under a label: one line of base64, read by openssl pkcs7', async () => {
    const { output } = await curl('slice-1/cacerts');
    expect(output).toMatch(/^[A-Za-z0-9+/]+=*\n200$/);
    expect(await certificateIn(output)).toEqual(world.operator.certificate);
    expect(labels).toContain('slice-1');
  });

  test('csrattrs names key and signature', async () => {
    const { output } = await curl('csrattrs');
    expect(output).toBe(`${Buffer.from(P256_ATTRIBUTES).toString('base64')}\n200`);
  });

  test('a device enrols with its vendor certificate, its request broken into lines', async () => {
    const device = await world.device(world.vendor, '2001');
    folder.write('idev.pem', pem(device.certificate));
    folder.write('idev.key', device.pem);
    const body = (await csr('first.key', '/CN=cell 2')).replace(/.{64}/g, '$&\r\n');
    const args = ['--cert', folder.at('idev.pem'), '--key', folder.at('idev.key')];
    const { output } = await post('simpleenroll', body, ...args);
    expect(output).toMatch(/200$/);
    const certificate = await certificateIn(output);
    expect(stateOf(certificate)).toBe('published');
    expect((await post('simplereenroll', body, ...args)).output).toMatch(/est_not_renewable[\s\S]*403$/);
  });

  test('a rogue vendor’s device is refused, whatever password it adds', async () => {
    const device = await world.device(world.rogue, '2001');
    folder.write('rogue.pem', pem(device.certificate));
    folder.write('rogue.key', device.pem);
    const body = await csr('first.key', '/CN=rogue');
    const { output } = await post(
      ...(['simpleenroll', body, '--cert', folder.at('rogue.pem'), '--key', folder.at('rogue.key')] as const),
      ...['-u', 'installer:secret:1'],
    );
    expect(output).toMatch(/path_untrusted[\s\S]*422$/);
  });

  test('without certificate and password it is asked for one; a wrong one does not do', async () => {
    const body = await csr('first.key', '/CN=x');
    expect((await post('simpleenroll', body, '-D', '-')).output).toMatch(
      /www-authenticate: Basic realm="est"[\s\S]*401$/i,
    );
    expect((await post('simpleenroll', body, '-u', 'installer:wrong')).output).toMatch(/401$/);
  });

  test('a renewal under another name is refused', async () => {
    const key = deviceKey();
    const profile = PROFILES['small-cell'];
    const subject = writeName([['commonName', 'own']]);
    const own = await world.operator.issue({ subject, spki: key.spki, profile });
    world.status.set(own, { state: 'published', since: 1 });
    folder.write('own.pem', pem(own));
    folder.write('own.key', key.pem);
    const args = ['--cert', folder.at('own.pem'), '--key', folder.at('own.key')];
    const { output } = await post('simplereenroll', await csr('first.key', '/CN=other'), ...args);
    expect(output).toMatch(/est_other_subject[\s\S]*403$/);
  });

  test('over plain HTTP nobody enrols', async () => {
    const ports = { trust: world.trust, peerCertificates: nodePeerCertificates, clock: systemClock };
    const plain = await serve(estRoutes({ enrolment: world.enrolment, ...ports }));
    const url = `http://127.0.0.1:${plain.port}/.well-known/est/simpleenroll`;
    const { output } = await run('curl', ['-sS', '-u', 'installer:secret:1', '--data-binary', 'MAA=', url]);
    await plain.close();
    expect(output).toContain('est_insecure');
  });

  test('what is no request is refused', async () => {
    const account = ['-u', 'installer:secret:1'];
    expect((await post('simpleenroll', 'no base64!', ...account)).output).toMatch(/est_body[\s\S]*400$/);
    expect((await post('simpleenroll', 'MAA=', ...account)).output).toMatch(/400$/);
  });
});
