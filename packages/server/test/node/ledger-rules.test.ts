import { createMemoryStore, silentLogger, systemRandom, unixSeconds } from '@attestel/core';
import { createOrganisation } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { type Operation, openLedger } from '@attestel/ledger';
import { buildPkiOperation, createPki } from '@attestel/pki';
import { buildRegistryOperation } from '@attestel/registry';
import { digestOfModule, SCENARIO_MODULES } from '@attestel/scenarios';
import { expect, test } from 'vitest';
import { LEDGER_RULES } from '../../src/index.ts';

const clock = { now: () => 1_800_000_000_000 };
const notAfter = unixSeconds(clock) + 3600;
const network = 'test';

test('module pki begins at the block that members decided on, and not before', async () => {
  const keyStore = createMemoryKeyStore();
  const request = { keyStore, network, prefix: 'a', random: systemRandom, notAfter };
  const { did, operation, refs } = await createOrganisation(request);
  const signers = [await keyStore.signer(refs.ledger)];
  const registered = (
    kind: string,
    sequence: number,
    body: Parameters<typeof buildRegistryOperation>[0]['body'],
  ) => buildRegistryOperation({ kind, body, actor: did, sequence, network, notAfter, signers });
  const founders = [{ did, name: { en: 'Operator', 'zh-CN': '运营商' }, roles: ['operator'] }];
  const founding = { founders, admissionThreshold: 1, accreditationThreshold: 1, trustAnchors: [] };
  await keyStore.generate({ ref: 'log', purpose: 'checkpoint', algorithm: 'EdDSA' });
  const ledger = await openLedger({
    ...LEDGER_RULES,
    ...{ network, origin: 'ledger.test/rules', store: createMemoryStore(), clock, logger: silentLogger },
    signer: await keyStore.signer('log'),
    genesis: [operation, await registered('genesis', 0, founding)],
  });
  const send = async (what: Operation): Promise<string | undefined> => {
    const [result] = await ledger.submit([what]);
    return result?.ok === false ? result.error.code : undefined;
  };
  const challenge = (fill: number) =>
    buildPkiOperation({
      ...{ kind: 'challenge', body: { v: 1, salt: new Uint8Array(32).fill(fill) } },
      ...{ actor: did, network, notAfter, signers },
    });
  expect(await send(await challenge(1))).toBe('unknown_module');
  expect(await send(await registered('upgrade', 1, { sm: 2, height: 4 }))).toBeUndefined();
  // Block 3, of the version before.
  expect(await send(await challenge(2))).toBe('unknown_module');
  expect(
    await send(
      await registered('parameters', 2, {
        admissionThreshold: 1,
        accreditationThreshold: 1,
        trustAnchors: [],
      }),
    ),
  ).toBeUndefined();
  expect(await send(await challenge(3))).toBeUndefined();
  expect(createPki(ledger).challenges(did)).toHaveLength(1);
  await ledger.close();
});

test('what version 3 executes stays as it is: another digest wants a version of its own', () => {
  const shared = SCENARIO_MODULES.filter(({ execution }) => execution.includes('shared'));
  expect(shared.map((module) => [`${module.name}@${module.version}`, digestOfModule(module)])).toEqual([
    ['device.type@1', '6d1982c28e98b32f4b8b1ebb68dd2c2fd45db20a29bbb06a0f4129818f27d1f3'],
    ['device.template@1', 'd0f01945881080707220ece428479341c53b44a51c6219534627ab74de8ad5f6'],
    ['data.price@1', 'b86cb0e894394e3c68160b45c230bc56d4ccf9197cbc5ab81ba8e78ef466effd'],
  ]);
});
