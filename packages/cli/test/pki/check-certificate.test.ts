import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64 } from '@attestel/core';
import { certificateProofEndpoint } from '@attestel/pki';
import { formatPolicy } from '@attestel/proof';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { certify, serialOf } from '../../../pki/test/ledger/devices.ts';
import { type PublishedCell, publishCell } from '../../../pki/test/ledger/published-cell.ts';
import { START } from '../../../pki/test/ledger/world.ts';
import { attestel } from '../harness/attestel.ts';

let folder: string;
let published: PublishedCell;
let server: Server;
let node: string;
const file = (name: string): string => join(folder, name);

beforeEach(async () => {
  vi.useFakeTimers({ now: START * 1000, toFake: ['Date'] });
  folder = await mkdtemp(join(tmpdir(), 'attestel-check-'));
  published = await publishCell();
  await writeFile(file('policy.txt'), formatPolicy(published.world.policy));
  await writeFile(file('cell.der'), published.cell.certificate);
  const { handle } = certificateProofEndpoint(published.world.ledger);
  server = createServer((request, response) => {
    const url = new URL(`http://localhost${request.url}`);
    const params = { hash: url.pathname.split('/')[4] ?? '' };
    const asked = { method: 'GET' as const, url, params, headers: {}, body: new Uint8Array() };
    void Promise.resolve(handle({ ...asked, signal: new AbortController().signal })).then(({ body }) =>
      response.end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.useRealTimers();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const check = (...more: string[]) =>
  attestel('pki', 'check', file('cell.der'), '--policy', file('policy.txt'), ...more);

describe('attestel pki check', () => {
  it('is green for what is published and in force, and leaves a proof that needs nobody', async () => {
    const ran = await check('--node', node, '--receipt', file('proof'));
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('Published and in force.');
    expect(ran.out).toContain('role     small-cell');
    await new Promise((resolve) => server.close(resolve));
    vi.setSystemTime((START + 3600) * 1000);
    const offline = await check('--offline', '--receipt', file('proof'), '--json');
    expect(offline.code).toBe(0);
    expect(JSON.parse(offline.out)).toMatchObject({ verdict: 'good', index: 0 });
    expect((await check('--offline', '--receipt', file('proof'), '--max-age', '60')).code).toBe(6);
    server = createServer().listen(0);
  });

  it('takes PEM, too', async () => {
    const pem = toBase64(published.cell.certificate).replaceAll(/.{64}/g, '$&\n');
    await writeFile(file('cell.der'), `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`);
    expect((await check('--node', node)).code).toBe(0);
  });

  it('says what is wrong, and who can mend it', async () => {
    await published.suspend();
    const suspended = await check('--node', node);
    expect(suspended).toMatchObject({ code: 3 });
    expect(suspended.out).toContain('Suspended.');
    expect(suspended.out).toContain('reason   key-compromise');
    expect(suspended.out).toContain('one more member resume it');
    await writeFile(file('cell.der'), (await certify({ device: serialOf(1) })).certificate);
    const rogue = await check('--node', node);
    expect(rogue).toMatchObject({ code: 5 });
    expect(rogue.out).toContain('Not published.');
  });

  it('takes no proof of another certificate, and none that was tampered with', async () => {
    await check('--node', node, '--receipt', file('proof'));
    const proof = await readFile(file('proof'));
    await writeFile(file('proof'), proof.with(proof.length - 40, (proof.at(-40) as number) ^ 1));
    expect((await check('--offline', '--receipt', file('proof'))).code).toBe(6);
    await writeFile(file('proof'), proof);
    await writeFile(file('cell.der'), (await certify({ device: serialOf(1) })).certificate);
    expect((await check('--offline', '--receipt', file('proof'))).code).toBe(6);
  });

  it.each([
    ['a file that is no certificate', async () => writeFile(file('cell.der'), 'no')],
    ['no policy', async () => rm(file('policy.txt'))],
    ['a file that is not there', async () => rm(file('cell.der'))],
  ])('refuses %s, naming it', async (_, spoil) => {
    await spoil();
    const ran = await check('--node', node);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/FILE|--policy/);
  });

  it('refuses a time in another form, and a node that does not answer', async () => {
    expect((await check('--node', node, '--at', 'yesterday')).code).toBe(2);
    expect((await check('--node', 'http://127.0.0.1:1')).code).toBe(1);
  });
});
