import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Consortium, startConsortium } from '@attestel/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs } from '../src/data-folder.ts';
import { attestel } from './harness/attestel.ts';
import { claimPorts } from './harness/claim-ports.ts';

const SHEET = {
  ...{ name: 'Zhonglian Mobile', country: 'CHN', tadig: ['CHNZL'] },
  contacts: [{ purpose: 'commercial', name: 'Roaming desk', email: 'roaming@zhonglian.example' }],
};
const PARTY = 'roaming.party@1.0.0';

describe('attestel contract, between two operators of the demo', () => {
  let dataDir: string;
  let basePort: number;
  let demo: Consortium;
  const start = () => startConsortium({ dataDir, basePort, operators: 2, logLevel: 'silent' });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-contracts-'));
    basePort = await claimPorts(28_100);
    demo = await start();
  });
  afterAll(async () => {
    await demo?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const nodeOf = (as: 'zhonglian' | 'huatong'): string =>
    demo.urls.operators[as === 'zhonglian' ? 0 : 1] as string;
  const didOf = async (name: string): Promise<string> => {
    const members = await (await fetch(`${nodeOf('zhonglian')}/v1/registry/members`)).json();
    return members.find((one: { name: { en: string }; did: string }) => one.name.en === name).did;
  };
  const call = async (as: 'zhonglian' | 'huatong', ...args: string[]) => {
    const ran = await attestel(
      'contract',
      ...args,
      '--as',
      as,
      '--node',
      nodeOf(as),
      '--data',
      dataDir,
      '--json',
    );
    return { code: ran.code, answer: JSON.parse(ran.out || ran.err) };
  };
  const file = async (name: string, content: unknown): Promise<string> => {
    const path = join(dataDir, `${name}.json`);
    await writeFile(path, JSON.stringify(content));
    return path;
  };
  let sheet: string;

  it('publishes nothing for who lacks the credential, and says so by its exit code', async () => {
    const body = await file('sheet', { body: SHEET });
    const refused = await call('zhonglian', PARTY, 'publish', '--in', body);
    expect(refused).toMatchObject({ code: 3, answer: { error: 'permission_denied' } });
  });

  it('publishes with a credential that another member gave, which came to this node by itself', async () => {
    const subject = await didOf('Zhonglian Mobile');
    const given = await file('operator', { type: 'Operator', subject, claims: { tadig: ['CHNZL'] } });
    expect((await call('huatong', 'host.credential@1', 'issue', '--in', given)).code).toBe(0);
    const body = await file('sheet', { body: SHEET });
    await expect.poll(async () => (await call('zhonglian', PARTY, 'publish', '--in', body)).code).toBe(0);
  });

  it('refuses a second sheet of one network: the code is taken', async () => {
    const body = await file('sheet', { body: SHEET });
    expect(await call('zhonglian', PARTY, 'publish', '--in', body)).toMatchObject({ code: 4 });
  });

  it('names field and rule of a property that nobody knows', async () => {
    const body = await file('odd', {
      body: { ...SHEET, contacts: [{ ...SHEET.contacts[0], colour: 'red' }] },
    });
    const refused = await call('zhonglian', PARTY, 'publish', '--in', body);
    expect(refused).toMatchObject({
      code: 2,
      answer: { error: 'invalid_argument', field: '/body/contacts/0/colour' },
    });
  });

  it('shows the sheet at the other operator’s node, before and after a restart', async () => {
    const at = '2099-01-01T00:00:00Z';
    const seen = async () => {
      const { token } = await actAs(dataDir, 'huatong');
      const url = `${nodeOf('huatong')}/v1/contracts/${PARTY}/main/queries/inForce?at=${at}`;
      const answer = await fetch(url, {
        headers: { authorization: `Bearer ${await token(nodeOf('huatong'))}` },
      });
      const { result } = await answer.json();
      return result as readonly { id: string; body: { name: string } }[];
    };
    await expect.poll(async () => (await seen()).map(({ body }) => body.name)).toEqual([SHEET.name]);
    sheet = (await seen())[0]?.id ?? '';
    await demo.close();
    demo = await start();
    expect((await seen()).map(({ id }) => id)).toEqual([sheet]);
    const shown = await call('huatong', 'show', PARTY, sheet);
    expect(shown).toMatchObject({
      code: 0,
      answer: { id: sheet, checked: true, behind: false, disputedBy: null },
    });
  });
});
