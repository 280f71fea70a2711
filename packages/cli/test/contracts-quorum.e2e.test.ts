import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../ledger/test/fixtures/engine-for-tests.ts';
import { attestel } from './harness/attestel.ts';
import { eventually } from './harness/eventually.ts';
import { foundMembers, type Members } from './harness/members.ts';

const [A, B, C, WITNESS] = ['zhonglian', 'huatong', 'clearing', 'platform'];
const hasEngine = (await engineForTests()) !== undefined;

/**
 * Three equal validators stand still without one of them (more than two thirds must vote), so a fourth one stands
 * beside the three, and is never killed: a block takes any two of the three, and none can be made of one.
 */
describe.skipIf(!hasEngine)(
  `three nodes under CometBFT (${hasEngine ? 'real engine' : NO_ENGINE})`,
  { timeout: 300_000 },
  () => {
    let all: Members;
    const objects: string[] = [];

    beforeAll(async () => {
      const names = [A, B, C, WITNESS];
      all = await foundMembers({ names, driver: 'cometbft', basePort: 28_700, channel: 'works' });
      await Promise.all(names.map((name) => all.start(name)));
      await all.openChannel();
    }, 300_000);
    afterAll(() => all?.remove());

    /** A credential of a kind that every governor may give: told to B and kept there. */
    const give = (as: string) =>
      all.callWith(as, ['host.credential@1', 'issue'], {
        type: 'Auditor',
        ...{ subject: all.did(B), claims: { channel: 'works' } },
      });
    const given = async (as: string): Promise<void> => {
      const { code, answer } = await give(as);
      expect({ code, answer }).toMatchObject({ code: 0 });
      objects.push(answer.id);
    };
    const sameRoots = (names: readonly string[]) =>
      eventually(async () =>
        expect(new Set(await Promise.all(names.map((name) => all.head(name)))).size).toBe(1),
      );
    const showAt = (name: string, id: string) => all.call(name, 'show', 'host.credential@1', id);

    it('[C8] one is killed: the others write on, and it catches up to equal roots', async () => {
      await given(A);
      await all.kill(C, 'SIGKILL');
      await given(A);
      await given(B);
      await all.start(C);
      await sameRoots([A, B, C]);
      await given(C);
      await sameRoots([A, B, C]);
      for (const id of objects) await eventually(async () => expect((await showAt(B, id)).code).toBe(0));
    });

    it('[C8] two are killed: writes are refused; reads and checks work; then the two catch up', async () => {
      await sameRoots([A, B, C]);
      for (const name of [B, C]) await all.kill(name, 'SIGKILL');
      const before = await all.head(A);
      expect(await give(A)).toMatchObject({
        code: 1,
        answer: { error: expect.stringMatching(/unknown|unavailable/) },
      });
      expect(await all.head(A)).toBe(before);
      const [first = ''] = objects;
      expect(await showAt(A, first)).toMatchObject({ code: 0, answer: { id: first, behind: false } });
      const policy = ['--policy', all.policyFile];
      expect(await attestel('ledger', 'checkpoint', '--node', all.url(A), ...policy)).toMatchObject({
        code: 0,
      });
      for (const name of [B, C]) await all.start(name);
      await eventually(() => given(A));
      await sameRoots([A, B, C]);
      // Cosignatures come after the block: nodes that have just started may still be asking for them.
      for (const name of [A, B, C])
        await eventually(async () =>
          expect(await attestel('ledger', 'checkpoint', '--node', all.url(name), ...policy)).toMatchObject({
            code: 0,
          }),
        );
    });
  },
);
