import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Consortium, startConsortium } from '@attestel/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from './harness/attestel.ts';
import { claimPorts } from './harness/claim-ports.ts';

const MODULE = 'data.block@1';
type Party = 'zhonglian' | 'huatong';

describe('attestel data, between two operators of the demo', () => {
  let dataDir: string;
  let demo: Consortium;
  let block: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-data-'));
    const basePort = await claimPorts(28_400);
    demo = await startConsortium({ dataDir, basePort, operators: 2, logLevel: 'silent' });
  });
  afterAll(async () => {
    await demo?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const nodeOf = (as: Party): string => demo.urls.operators[as === 'zhonglian' ? 0 : 1] as string;
  const call = async (as: Party, ...args: string[]) => {
    const ran = await attestel(...args, '--as', as, '--node', nodeOf(as), '--data', dataDir, '--json');
    return { code: ran.code, answer: JSON.parse(ran.out || ran.err) };
  };
  const didOf = async (name: string): Promise<string> => {
    const members = await (await fetch(`${nodeOf('zhonglian')}/v1/registry/members`)).json();
    return members.find((one: { name: { en: string }; did: string }) => one.name.en === name).did;
  };
  const file = async (name: string, content: unknown): Promise<string> => {
    const path = join(dataDir, `${name}.json`);
    await writeFile(path, JSON.stringify(content));
    return path;
  };

  it('hands a block over from node to node', async () => {
    const [zhonglian, huatong] = [await didOf('Zhonglian Mobile'), await didOf('Huatong Telecom')];
    const facts = {
      ...{ origin: zhonglian, description: 'footfall', digest: '11'.repeat(32), watermark: null },
      ...{ derivedFrom: null, right: 'use' },
    };
    const registered = await call(
      'zhonglian',
      'contract',
      MODULE,
      'register',
      '--in',
      await file('facts', { facts }),
    );
    block = registered.answer.id;
    const moved = await call(
      'zhonglian',
      'contract',
      MODULE,
      'transfer',
      block,
      '--in',
      await file('to', { to: huatong }),
    );
    expect([registered.code, moved.code]).toEqual([0, 0]);
    await expect.poll(async () => (await call('huatong', 'contract', MODULE, 'receive', block)).code).toBe(0);
  });

  it('[D9] traces a block that the other node shows, by the ledger at its own', async () => {
    const out = join(dataDir, 'way.json');
    const from = ['--from', nodeOf('zhonglian'), '--out', out];
    // The other node shows the last hop once it was told of it.
    const trace = () => call('huatong', 'data', 'trace', block, ...from);
    await expect.poll(async () => (await trace()).answer[0]?.hops.length).toBe(2);
    const { code, answer } = await trace();
    expect(code).toBe(0);
    const holders = [await didOf('Zhonglian Mobile'), await didOf('Huatong Telecom')];
    expect(answer[0].hops.map(({ holder }: { holder: string }) => holder)).toEqual(holders);
    expect((await call('zhonglian', 'data', 'trace', block, '--in', out)).code).toBe(0);
  });

  it('[D9] ends with exit code 6 where a hop was forged', async () => {
    const [evidence] = JSON.parse(await readFile(join(dataDir, 'way.json'), 'utf8'));
    evidence.lines[2].kept.payload.party = await didOf('Zhonglian Mobile');
    const forged = await file('forged', [evidence]);
    expect(await call('zhonglian', 'data', 'trace', block, '--in', forged)).toMatchObject({
      ...{ code: 6, answer: { error: 'evidence_forged', field: '/lines/2' } },
    });
  });

  it('audits what it keeps: nothing is found, and nobody else may', async () => {
    expect(await call('zhonglian', 'data', 'audit', MODULE)).toMatchObject({
      ...{ code: 0, answer: { result: 'ok', objects: 1, erased: 0, findings: [], unchecked: [] } },
    });
    const foreign = ['data', 'audit', MODULE, '--as', 'huatong', '--data', dataDir, '--json'];
    expect((await attestel(...foreign, '--node', nodeOf('zhonglian'))).code).toBe(3);
  });

  it('exports and erases a person, and asks other nodes for one: of whom there is nothing', async () => {
    const subject = 'ab'.repeat(16);
    expect(await call('zhonglian', 'data', 'export', subject)).toMatchObject({
      ...{ code: 0, answer: { schema: 'attestel/person-export/v2', consents: [], provisions: [] } },
    });
    expect(await call('zhonglian', 'data', 'erase', subject)).toMatchObject({
      answer: { erased: [], left: [] },
    });
    expect(await call('zhonglian', 'data', 'export', '+8613800138000')).toMatchObject({ code: 2 });
    expect((await call('zhonglian', 'data', 'lookup', subject)).code).toBe(0);
  });
});
