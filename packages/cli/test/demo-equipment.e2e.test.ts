import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Consortium, startConsortium } from '@attestel/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimPorts } from './harness/claim-ports.ts';

const run = promisify(execFile);
const CELLS = 3;

describe('equipment of the demo', () => {
  let dataDir: string;
  let basePort: number;
  let demo: Consortium | undefined;
  const start = async () => {
    demo = await startConsortium({ dataDir, basePort, operators: 2, logLevel: 'silent' });
    return demo;
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-equipment-'));
    basePort = await claimPorts(27_100);
    await start();
  });
  afterAll(async () => {
    await demo?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const text = async (url: string) => (await fetch(url)).text();
  const page = (locale: string) => text(`${demo?.urls.start}/?ui_locales=${locale}`);
  /** Path of the file and the address of the ledger's answer, row by row. */
  const rows = async () => {
    const markup = await page('en');
    const answers = markup.match(/http[^"]+\/v1\/pki\/certificates\/[0-9a-f]{64}/g) ?? [];
    return answers.map((answer, i) => ({ answer, file: `${demo?.urls.start}/equipment/${i}.pem` }));
  };

  it('is a batch of three cells, a gateway and two slice functions of each operator; one cell is suspended', async () => {
    const verdicts = await Promise.all(
      (await rows()).map(async ({ answer }) => (await (await fetch(answer)).json()).verdict),
    );
    expect(verdicts).toEqual(['good', 'good', 'suspended', ...Array(6).fill('good')]);
    expect(await page('en')).toContain('<span class="badge other">suspended</span>');
    expect(await page('zh-CN')).toContain('<span class="badge other">已暂停</span>');
    const { relations } = await (await fetch(`${demo?.urls.operators[1]}/v1/pki/relations`)).json();
    expect(relations).toMatchObject([{ slices: ['01-000001', '02-000002'], nfTypes: ['SMF'] }]);
  });

  it('is answered for by OCSP at its operator: a gateway is good, by the CA’s delegate', async () => {
    const gateway = join(dataDir, 'gateway.pem');
    const ca = join(dataDir, 'ca.pem');
    await writeFile(gateway, await text((await rows())[CELLS]?.file ?? ''));
    const node = demo?.urls.operators[0] as string;
    const der = Buffer.from(await (await fetch(`${node}/pki/ca.crt`)).arrayBuffer());
    const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
    await writeFile(ca, `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
    const args = ['ocsp', '-issuer', ca, '-cert', gateway, '-CAfile', ca, '-url', `${node}/ocsp`];
    const { stdout, stderr } = await run('openssl', args);
    expect(stderr).toContain('Response verify OK');
    expect(stdout).toContain('gateway.pem: good');
  });

  it('is made once: another start publishes nothing', async () => {
    const before = demo?.ledger.head().size;
    const answers = await rows();
    await demo?.close();
    await start();
    expect(demo?.ledger.head().size).toBe(before);
    expect(await rows()).toEqual(answers);
  });
});
