import { readFileSync } from 'node:fs';
import { equalBytes } from '@attestel/core';
import { parseCertificate } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cmpRoutes } from '../../src/front/cmp/cmp.endpoint.ts';
import { deviceKey } from './fixtures/authority.ts';
import { type Device, type EnrolmentWorld, enrolmentWorld } from './fixtures/enrolment.ts';
import { fromPem, isMissing, pem, run, temporaryFolder } from './fixtures/programs.ts';
import { type Served, serve } from './fixtures/serve.ts';

describe.skipIf(isMissing('openssl')).each(['ec', 'rsa'] as const)('openssl cmp, %s keys', (kind) => {
  const folder = temporaryFolder();
  let world: EnrolmentWorld;
  let served: Served;
  let device: Device;

  beforeAll(async () => {
    world = await enrolmentWorld({ vendorKeys: kind === 'rsa' ? 'RS256' : 'ES256' });
    served = await serve(cmpRoutes({ server: await world.cmp() }));
    device = await world.device(world.vendor, '1001', kind);
    folder.write('root.pem', pem(world.operator.certificate));
    put('idev', device);
    put('op', deviceKey(kind));
    put('next', deviceKey(kind));
  });
  afterAll(async () => {
    await served.close();
    folder.remove();
  });

  const put = (name: string, held: { pem: string; certificate?: Uint8Array }): void => {
    folder.write(`${name}.key`, held.pem);
    if (held.certificate) folder.write(`${name}.pem`, pem(held.certificate));
  };
  const cmp = (...args: string[]) =>
    run('openssl', [
      ...['cmp', '-server', `127.0.0.1:${served.port}`, '-path', '.well-known/cmp'],
      ...['-trusted', folder.at('root.pem'), ...args],
    ]);
  const signedBy = (name: string): string[] => [
    ...['-cert', folder.at(`${name}.pem`), '-key', folder.at(`${name}.key`)],
  ];
  const enrolled = (name: string) => parseCertificate(fromPem(readFileSync(folder.at(name), 'utf8')));
  const stateOf = (name: string) => {
    const { issuer, serial } = enrolled(name);
    return world.status.byName(issuer, serial)?.state;
  };

  test('ir with the vendor certificate brings a published operator certificate and the operator root', async () => {
    const { code, output } = await cmp(
      ...['-cmd', 'ir', ...signedBy('idev'), '-newkey', folder.at('op.key')],
      ...['-subject', '/O=Operator/CN=cell-1001', '-sans', 'cell-1001.example'],
      ...['-certout', folder.at('op.pem'), '-cacertsout', folder.at('caPubs.pem')],
      ...['-extracertsout', folder.at('extra.pem')],
    );
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
    expect(stateOf('op.pem')).toBe('published');
    expect(enrolled('op.pem').extensions.san).toEqual([{ kind: 'dns', value: 'cell-1001.example' }]);
    expect(equalBytes(enrolled('caPubs.pem').der, world.operator.certificate)).toBe(true);
    expect(readFileSync(folder.at('extra.pem'), 'utf8')).toContain(
      pem(world.operator.certificate).slice(28, 200),
    );
  });

  test('cr with the operator certificate brings another one', async () => {
    const { code } = await cmp(
      ...['-cmd', 'cr', ...signedBy('op'), '-newkey', folder.at('next.key')],
      ...['-subject', '/CN=second', '-certout', folder.at('second.pem')],
    );
    expect(code).toBe(0);
    expect(stateOf('second.pem')).toBe('published');
  });

  test('kur with the operator certificate renews it', async () => {
    const { code, output } = await cmp(
      ...['-cmd', 'kur', ...signedBy('op'), '-newkey', folder.at('next.key')],
      ...['-certout', folder.at('next.pem')],
    );
    expect(output).toContain('received KUP');
    expect(code).toBe(0);
    expect(enrolled('next.pem').subject).toEqual(enrolled('op.pem').subject);
    expect(stateOf('next.pem')).toBe('published');
  });

  test('kur with the vendor certificate is refused: it is not an operator’s to renew', async () => {
    const { code, output } = await cmp(
      ...['-cmd', 'kur', ...signedBy('idev'), '-newkey', folder.at('next.key')],
      ...['-certout', folder.at('none.pem')],
    );
    expect(code).not.toBe(0);
    expect(output).toContain('only a certificate of an operator is renewed');
  });

  test('p10cr takes a PKCS #10 request', async () => {
    await run('openssl', [
      ...['req', '-new', '-key', folder.at('next.key'), '-subj', '/CN=p10'],
      ...['-addext', 'subjectAltName=DNS:p10.example', '-out', folder.at('p10.csr')],
    ]);
    const { code } = await cmp(
      ...['-cmd', 'p10cr', ...signedBy('idev'), '-csr', folder.at('p10.csr')],
      ...['-certout', folder.at('p10.pem')],
    );
    expect(code).toBe(0);
    expect(enrolled('p10.pem').extensions.san).toEqual([{ kind: 'dns', value: 'p10.example' }]);
    expect(stateOf('p10.pem')).toBe('published');
  });

  test('implicit confirmation is granted where it is asked for, and publishes at once', async () => {
    const { code, output } = await cmp(
      ...['-cmd', 'ir', ...signedBy('idev'), '-newkey', folder.at('next.key'), '-implicit_confirm'],
      ...['-subject', '/CN=implicit', '-certout', folder.at('implicit.pem')],
    );
    expect(code).toBe(0);
    expect(output).not.toContain('CERTCONF');
    expect(stateOf('implicit.pem')).toBe('published');
  });

  test('rr with the certificate itself revokes it, with its reason; another’s is refused', async () => {
    const own = await cmp(
      ...['-cmd', 'rr', ...signedBy('op'), '-oldcert', folder.at('op.pem'), '-revreason', '1'],
    );
    expect(own.code).toBe(0);
    expect(world.revocations.at(-1)).toMatchObject({ reason: 1, isOwn: true });
    const other = await cmp(
      ...['-cmd', 'rr', ...signedBy('next'), '-oldcert', folder.at('p10.pem'), '-revreason', '1'],
    );
    expect(other.code).not.toBe(0);
    expect(other.output).toContain('a device takes back its own certificate only');
  });

  test('genm for CA certificates is answered', async () => {
    const { code, output } = await cmp('-cmd', 'genm', '-infotype', 'caCerts', ...signedBy('idev'));
    expect(code).toBe(0);
    expect(output).toContain('received GENP');
  });

  test('a rogue vendor’s device is refused by name of the rule', async () => {
    put('rogue', await world.device(world.rogue, '1001', kind));
    const { code, output } = await cmp(
      ...['-cmd', 'ir', ...signedBy('rogue'), '-newkey', folder.at('op.key'), '-subject', '/CN=rogue'],
      ...['-certout', folder.at('rogue-op.pem')],
    );
    expect(code).not.toBe(0);
    expect(output).toContain('no chain of signatures leads to a trust anchor');
    expect(output).toContain('signerNotTrusted');
  });

  test('a renewal with a suspended certificate is refused', async () => {
    const { der } = enrolled('next.pem');
    world.status.set(der, { state: 'suspended', since: 2 });
    const { code, output } = await cmp(
      ...['-cmd', 'kur', ...signedBy('next'), '-newkey', folder.at('op.key')],
      ...['-certout', folder.at('none.pem')],
    );
    expect(code).not.toBe(0);
    expect(output).toContain('signerNotTrusted');
  });

  test.each([
    ['a shared secret', ['-secret', 'pass:12345', '-ref', 'cell'], 'wrongIntegrity'],
    ['no protection', ['-unprotected_requests'], 'badMessageCheck'],
    ['no proof of possession', ['-popo', '-1'], 'badPOP'],
    ['possession that an RA claims', ['-popo', '0'], 'badPOP'],
  ])('ir with %s is refused', async (_, args, failure) => {
    const signer = args[0] === '-secret' ? [] : signedBy('idev');
    const { code, output } = await cmp(
      ...['-cmd', 'ir', ...signer, ...args, '-newkey', folder.at('op.key'), '-subject', '/CN=x'],
      ...['-recipient', '/CN=CMP', '-certout', folder.at('none.pem')],
    );
    expect(code).not.toBe(0);
    expect(output).toContain(failure);
  });

  test('a certificate that the device refuses is never good', async () => {
    // A client that does not trust the operator's root for certificates refuses what it got.
    folder.write('vendor.pem', pem(world.vendor.certificate));
    const before = world.discarded.length;
    await cmp(
      ...['-cmd', 'ir', ...signedBy('idev'), '-newkey', folder.at('op.key'), '-subject', '/CN=refused'],
      ...['-out_trusted', folder.at('vendor.pem'), '-certout', folder.at('refused.pem')],
    );
    expect(world.discarded.length).toBe(before + 1);
  });
});
