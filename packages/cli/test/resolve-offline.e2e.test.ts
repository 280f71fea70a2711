import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from './harness/demo.ts';
import { lyingNode } from './harness/lying-node.ts';

describe('attestel did resolve with a policy', () => {
  let demo: Demo;
  let did: string;
  let policy: string;
  const file = (name: string): string => join(demo.dataDir, name);
  const resolve = async (...args: string[]) => {
    const { code, out } = await demo.run('did', 'resolve', did, ...args, '--json');
    return { code, data: JSON.parse(out) };
  };

  beforeAll(async () => {
    demo = await startDemo(15_300, ['--operators', '1', '--no-apps', '--no-scenarios']);
    policy = file('policy.txt');
    const node = demo.url(demo.ports.operator(0));
    const { out } = await demo.run('registry', 'list', 'issuers', '--node', node, '--json');
    did = JSON.parse(out)[0].did;
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await demo?.remove();
  });

  it('changes no keys of a document that the node made up', async () => {
    vi.stubEnv('ATTESTEL_PASSPHRASE', 'of this test');
    const node = demo.url(demo.ports.operator(0));
    const [, , network = ''] = did.split(':');
    const holder = ['--keys', file('own.keys'), '--name', 'own'];
    const created = await demo.run(
      'did',
      'create',
      ...holder,
      '--network',
      network,
      '--node',
      node,
      '--json',
    );
    expect(created.code).toBe(0);
    const own = JSON.parse(created.out).did;
    const liar = await lyingNode(node, (text) => text.replaceAll('#key-1', '#key-9'));
    const rotate = async (origin: string) => {
      const { code, out } = await demo.run(
        'did',
        'rotate',
        own,
        ...holder,
        '--node',
        origin,
        '--policy',
        policy,
        '--json',
      );
      return { code, data: JSON.parse(out) };
    };
    expect(await rotate(liar.origin)).toMatchObject({ code: 6, data: { error: 'document_mismatch' } });
    await liar.close();
    expect(await rotate(node)).toMatchObject({ code: 0, data: { kind: 'rotate' } });
  });

  it('verifies what a node says, saves it, and verifies it again when no node is there', async () => {
    const online = ['--node', demo.url(demo.ports.operator(0))];
    const { code, data } = await resolve(...online, '--policy', policy, '--save', file('saved.json'));
    expect(code).toBe(0);
    await writeFile(file('printed.json'), JSON.stringify((await resolve(...online)).data));
    await demo.kill('SIGTERM');

    expect(await resolve(...online, '--policy', policy)).toMatchObject({ code: 1 });
    for (const name of ['saved.json', 'printed.json']) {
      const offline = await resolve('--offline', file(name), '--policy', policy);
      expect(offline.code).toBe(0);
      expect(offline.data.didDocument).toEqual(data.didDocument);
    }
  });

  it.each([
    ['another key', 'document_mismatch', (text: string) => text.replaceAll('#key-1', '#key-9')],
    ['another time', 'resolution_differs', (text: string) => text.replace(/("created": ")..../, '$12001')],
    ['no proof', 'proof_missing', (text: string) => text.replace(/"proof"/, '"proofs"')],
    ['a proof in another form', 'proof_malformed', (text: string) => text.replace('"salt"', '"salz"')],
    [
      'another record',
      'path_mismatch',
      (text: string) =>
        text.replace(
          /("receipts":[^"]*".{40,})(.)(?=."\s*\])/,
          (_, before, at) => before + (at === 'A' ? 'B' : 'A'),
        ),
    ],
  ])('refuses a saved resolution with %s', async (_, code, change) => {
    const saved = await readFile(file('saved.json'), 'utf8');
    const tampered = change(saved);
    expect(tampered).not.toBe(saved);
    await writeFile(file('tampered.json'), tampered);
    const { code: exit, data } = await resolve('--offline', file('tampered.json'), '--policy', policy);
    expect({ exit, error: data.error }).toEqual({ exit: 6, error: code });
  });

  it('refuses it under a policy of another ledger, and when it has become too old', async () => {
    const saved = ['--offline', file('saved.json')];
    const text = await readFile(policy, 'utf8');
    const other = text.split('\n').filter((line) => !line.startsWith('log '));
    await writeFile(
      file('other.txt'),
      other.join('\n').replace(/^# origin: .*/, '# origin: other.example/log'),
    );
    expect(await resolve(...saved, '--policy', file('other.txt'))).toMatchObject({
      code: 6,
      data: { error: 'checkpoint_wrong_origin' },
    });
    await new Promise((after) => setTimeout(after, 1100));
    expect(await resolve(...saved, '--policy', policy, '--max-age', '1')).toMatchObject({
      code: 6,
      data: { error: 'checkpoint_stale' },
    });
  });
});
