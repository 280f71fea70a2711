import { setTimeout } from 'node:timers/promises';
import { toHex } from '@attestel/core';
import { afterEach, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../fixtures/engine-for-tests.ts';
import { type OneValidator, openOneValidator } from '../../fixtures/one-validator.ts';
import { addition, BOB } from '../../fixtures/open-test-ledger.ts';

const binary = (await engineForTests()) as string;
const open: OneValidator[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const opened = async (...args: Parameters<typeof openOneValidator>): Promise<OneValidator> => {
  const one = await openOneValidator(...args);
  open.push(one);
  return one;
};
const idOf = ({ network }: OneValidator): string => network.peers[0]?.nodeId ?? '';

describe.skipIf(!binary)(`engines that connect (${binary ? 'real' : NO_ENGINE})`, () => {
  it('hear nothing from one whose operator did not name them, and everything once he did', async () => {
    const named: string[] = [];
    const member = await opened(binary, { peers: named });
    const notAfter = Math.floor(Date.now() / 1000) + 3600;
    await member.ledger.submit([await addition(BOB, 0, { notAfter })]);
    const stranger = await opened(binary, { peers: [idOf(member)] }, member.network);
    const refused = `filtered ID<${idOf(stranger)}>`;
    while (!(await member.engineLog()).includes(refused)) await setTimeout(100);
    expect([await member.rpc.peers(), stranger.ledger.engineHeight()]).toEqual([0, 0]);

    named.push(idOf(stranger));
    // An engine that was refused a few times does not try again.
    await stranger.reopen();
    const { appHash } = member.ledger.head();
    while (toHex(stranger.ledger.head().appHash) !== toHex(appHash)) await setTimeout(100);
    expect(await member.rpc.peers()).toBe(1);
  });
});
