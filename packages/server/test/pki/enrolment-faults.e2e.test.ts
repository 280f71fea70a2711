import { AppError, toHex } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { type CertificateAuthority, certificateHash } from '@attestel/pki';
import { parseCertificate, parseRevocationList } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Folder,
  isMissing,
  pem,
  run,
  temporaryFolder,
} from '../../../pki/test/front/fixtures/programs.ts';
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

type Fault = 'none' | 'before' | 'after';

/** A ledger that fails when certificates are published: before they are durable, or after, with the answer lost. */
function failing(ledger: Ledger): { readonly ledger: Ledger; fault: Fault } {
  const made = {
    fault: 'none' as Fault,
    ledger: new Proxy(ledger, {
      get: (target, name) => {
        if (name !== 'submit') {
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (operations: Parameters<Ledger['submit']>[0]) => {
          const isFaulty = operations.some(({ payload }) => payload.kind === 'submit') && made.fault;
          const died = new AppError('died', { kind: 'unavailable', message: 'the node died' });
          if (isFaulty === 'before') throw died;
          const results = await target.submit(operations);
          if (isFaulty === 'after') throw died;
          return results;
        };
      },
    }),
  };
  return made;
}

describe.skipIf(isMissing('openssl'))('an enrolment that breaks off between issuing and publishing', () => {
  const folder: Folder = temporaryFolder();
  let network: PkiNetwork;
  let vendor: CertificateAuthority;
  let faulty: ReturnType<typeof failing>;
  let port: number;
  let ca: Uint8Array;

  const startNode = async (): Promise<void> => {
    port = await freePort();
    await network.startNode(
      {
        ...{ url: `http://127.0.0.1:${port}`, plain: { port }, crl: {}, cmp: {} },
        ca: { name: 'Operator CA', profiles: { cells: { role: 'small-cell' } } },
      },
      faulty.ledger,
    );
  };

  beforeAll(async () => {
    network = await openPkiNetwork();
    faulty = failing(network.ledger);
    await startNode();
    vendor = await authorityOf('Vendor');
    await network.admit(vendor.certificate, await vendorScope(network.vendor));
    ca = new Uint8Array(await (await fetch(`http://127.0.0.1:${port}/pki/ca.crt`)).arrayBuffer());
    await network.admit(ca, await operatorScope(network.operator));
    folder.write('root.pem', pem(ca));
    folder.write('vendor.pem', pem(vendor.certificate));
  });
  afterAll(async () => {
    await network?.close();
    folder.remove();
  });

  const published = (): number => network.pki.statusSet(network.pki.now()).count;
  const device = async (serial: string): Promise<void> => {
    const made = await makeDevice(vendor, serial);
    folder.write('idev.key', made.pem);
    folder.write('idev.pem', pem(made.certificate));
    folder.write('op.key', deviceKey().pem);
  };
  const enrol = (...more: string[]) =>
    run('openssl', [
      ...['cmp', '-server', `127.0.0.1:${port}`, '-path', '.well-known/cmp', '-cmd', 'ir'],
      ...['-trusted', folder.at('root.pem'), '-cert', folder.at('idev.pem'), '-key', folder.at('idev.key')],
      ...['-newkey', folder.at('op.key'), '-subject', '/CN=me', '-certout', folder.at('op.pem'), ...more],
    ]);
  const withdrawn = async (): Promise<number> => {
    const name = toHex(parseCertificate(ca).extensions.ski as Uint8Array);
    const list = await fetch(`http://127.0.0.1:${port}/crl/${name}.crl`);
    return parseRevocationList(new Uint8Array(await list.arrayBuffer())).entries.size;
  };

  test('publishes nothing, says so to the device, and works when it is tried again', async () => {
    await device('AC5G-000001');
    faulty.fault = 'before';
    const broken = await enrol();
    expect(broken.output).toContain('systemUnavail');
    expect(() => folder.certificate('op.pem')).toThrow();
    expect(published()).toBe(0);
    faulty.fault = 'none';
    expect((await enrol()).code).toBe(0);
    expect(network.pki.check(folder.certificate('op.pem')).verdict).toBe('good');
    expect(published()).toBe(1);
  });

  test('where it was published and the answer got lost, the device gets that certificate from the next process', async () => {
    await device('AC5G-000002');
    faulty.fault = 'after';
    expect((await enrol()).code).not.toBe(0);
    expect(published()).toBe(2);
    faulty.fault = 'none';
    await startNode();
    expect((await enrol()).code).toBe(0);
    expect(published()).toBe(2);
    expect(network.pki.certificate(certificateHash(folder.certificate('op.pem')))?.index).toBe(1);
  });

  test('a certificate that the device turns down is never published, and stands on the revocation list', async () => {
    await device('AC5G-000003');
    const before = await withdrawn();
    const { output } = await enrol('-out_trusted', folder.at('vendor.pem'));
    expect(output).toContain('rejecting newly enrolled cert');
    expect(published()).toBe(2);
    await startNode();
    expect(await withdrawn()).toBe(before + 1);
  });
});
