import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../ledger/test/fixtures/engine-for-tests.ts';
import { attestel } from './harness/attestel.ts';
import { type Demo, startDemo } from './harness/demo.ts';
import { eventually } from './harness/eventually.ts';

const hasEngine = (await engineForTests()) !== undefined;

describe.skipIf(!hasEngine)(
  `attestel up --driver cometbft (${hasEngine ? 'real engine' : NO_ENGINE})`,
  () => {
    let demo: Demo;
    let nodes: readonly string[];
    let policy: string;
    let did: string;
    const file = (name: string): string => join(demo.dataDir, name);
    const create = async (name: string, node: string): Promise<string> => {
      const network = (await readFile(policy, 'utf8')).split('\n')[0]?.split('/').at(-1) as string;
      const keys = ['--keys', file('keys.json'), '--name', name];
      const { code, out } = await attestel(
        ...['did', 'create', ...keys],
        ...['--network', network, '--node', node, '--json'],
      );
      expect(code).toBe(0);
      return JSON.parse(out).did;
    };
    const resolve = async (...args: string[]) => {
      const { code, out } = await attestel('did', 'resolve', ...args, '--policy', policy, '--json');
      return { code, data: JSON.parse(out) };
    };
    /** As everyone has it once the cosignatures went round. */
    const checkpoints = () =>
      eventually(async () => {
        const notes = await Promise.all(
          nodes.map(async (node) => {
            const { code, out } = await attestel(
              'ledger',
              'checkpoint',
              '--node',
              node,
              '--policy',
              policy,
              '--json',
            );
            expect(code).toBe(0);
            return JSON.parse(out);
          }),
        );
        const [first] = notes;
        for (const { size, root, state, checkpoint } of notes) {
          expect({ size, root, state }).toEqual({ size: first.size, root: first.root, state: first.state });
          expect(checkpoint.match(/^— /gm)).toHaveLength(nodes.length);
        }
        return first;
      });

    beforeAll(async () => {
      process.env.ATTESTEL_PASSPHRASE ??= 'attestel demo: not a secret';
      demo = await startDemo(17_200, ['--driver', 'cometbft', '--no-apps', '--no-scenarios']);
      nodes = [...[0, 1, 2].map(demo.ports.operator), demo.ports.wallet].map(demo.url);
      policy = file('policy.txt');
    });
    afterAll(() => demo?.remove());

    it('takes an operation at one validator, and another one proves it', async () => {
      did = await create('first', nodes[0] as string);
      await eventually(async () => {
        const { code, data } = await resolve(did, '--node', nodes[3] as string, '--save', file('saved.json'));
        expect(code).toBe(0);
        expect(data.didDocument.id).toBe(did);
      });
    });

    it('has every validator stand by one checkpoint', async () => {
      const { size } = await checkpoints();
      expect(size).toBeGreaterThan(20);
    });

    it('goes on from what was acknowledged when it is killed; what was saved verifies meanwhile', async () => {
      const before = await checkpoints();
      await demo.kill('SIGKILL');
      expect(await resolve(did, '--offline', file('saved.json'))).toMatchObject({ code: 0 });
      await demo.restart();
      expect((await checkpoints()).size).toBe(before.size);
      const second = await create('second', nodes[3] as string);
      await eventually(async () => {
        expect(await resolve(second, '--node', nodes[1] as string)).toMatchObject({ code: 0 });
      });
    });

    it('does not let one operator alone go on with the ledger of four', async () => {
      await demo.kill('SIGTERM');
      const { code, err } = await demo.run('up', '--no-apps', '--port', '17200');
      expect({ code, err }).toMatchObject({ code: 4, err: expect.stringContaining('data_of_other_driver') });
    });
  },
);
