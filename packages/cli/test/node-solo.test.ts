import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { multikeyFromText, systemRandom, utf8 } from '@attestel/core';
import { createHttpResolver, createOrganisation } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { createLedgerClient, proofCrypto, verifySignature } from '@attestel/ledger';
import {
  createPolicy,
  decodeCoseReceipt,
  formatPolicy,
  type Policy,
  type PolicyDraft,
  parsePolicy,
  verifyCoseReceipt,
} from '@attestel/proof';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { attestel } from './harness/attestel.ts';
import { SOLO_PASSPHRASE, type SoloNode, soloNode } from './harness/solo-node.ts';

const ORIGIN = 'ledger.example/solo';
let folder: string;
let solo: SoloNode;
const here = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-solo-'));
  solo = await soloNode(folder, 'solo');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => void vi.stubEnv('ATTESTEL_PASSPHRASE', SOLO_PASSPHRASE));
afterEach(async () => {
  vi.unstubAllEnvs();
  await solo.stop();
});

/** The policy in force with another name for the only witness: a new policy that the same key vouches for. */
async function renamed(name: string): Promise<string> {
  const old: Policy = parsePolicy(await readFile(solo.policyFile, 'utf8'), proofCrypto.sha256);
  const witnesses = old.witnesses.map((witness) => ({ ...witness, name }));
  const text = formatPolicy(createPolicy({ ...old, witnesses, quorum: name }, proofCrypto.sha256));
  await writeFile(here(`${name}.txt`), text);
  return here(`${name}.txt`);
}

describe('an operator that orders a ledger alone', () => {
  it('is told what it needs, and makes it once', async () => {
    const [first, second] = [await solo.found(), await solo.found()];
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('did:mno:solo-net:') });
    expect(second.out).toBe(first.out);
    expect((await attestel('node', 'found', '--config', solo.config, '--origin', 'a b')).code).toBe(2);
    await writeFile(here('solo-genesis.cbor.kept'), await readFile(here('solo-genesis.cbor')));
    await writeFile(here('solo-genesis.cbor'), 'another');
    expect(await solo.found()).toMatchObject({ code: 4, out: expect.stringContaining('file_exists') });
    await writeFile(here('solo-genesis.cbor'), await readFile(here('solo-genesis.cbor.kept')));
  });

  it('takes operations, proves them to its policy, and goes on after a restart', async () => {
    const { ledger } = await solo.start();
    const keyStore = createMemoryKeyStore();
    const { operation } = await createOrganisation({
      ...{ keyStore, network: 'solo-net', prefix: 'org', random: systemRandom },
      notAfter: Math.floor(Date.now() / 1000) + 3600,
    });
    const client = createLedgerClient({ url: solo.url, fetch });
    expect(await client.submit([operation])).toMatchObject([{ ok: true }]);
    const checked = await attestel('ledger', 'checkpoint', '--node', solo.url, '--policy', solo.policyFile);
    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('quorum of the policy') });
    const { size } = ledger.head();
    await solo.stop();
    expect((await solo.start()).ledger.head().size).toBe(size);
  });

  it('has its checkpoint counted by nobody whose policy asks for more, for others, or for a fresher one', async () => {
    const own = parsePolicy(await readFile(solo.policyFile, 'utf8'), proofCrypto.sha256);
    const stranger = { name: 'stranger', keyName: 'stranger.example', publicKey: new Uint8Array(32).fill(7) };
    const both = { name: 'both', threshold: 2, members: ['solo', 'stranger'] };
    const either = { ...both, name: 'either', threshold: 1 };
    const check = async (draft: Partial<PolicyDraft>, ...more: string[]) => {
      const witnesses = [...own.witnesses, stranger];
      const policy = createPolicy({ ...own, witnesses, ...draft }, proofCrypto.sha256);
      await writeFile(here('asked.txt'), formatPolicy(policy));
      const store = ['--store', join(folder, 'solo', 'ledger'), '--policy', here('asked.txt')];
      const { code, err } = await attestel('ledger', 'checkpoint', ...store, ...more);
      return [code, /\[(\w+)\]/.exec(err)?.[1]];
    };
    const met = [0, undefined];
    expect(await check({ groups: [either], quorum: 'either' })).toEqual(met);
    expect(await check({ groups: [both], quorum: 'both' })).toEqual([6, 'quorum_not_met']);
    expect(await check({ quorum: 'stranger' })).toEqual([6, 'quorum_not_met']);
    const origin = 'ledger.example/other';
    expect(await check({ origin, logs: [] })).toEqual([6, 'checkpoint_wrong_origin']);
    expect(await check({}, '--max-age', '600')).toEqual(met);
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
    expect(await check({}, '--max-age', '600')).toEqual([6, 'checkpoint_stale']);
    vi.useRealTimers();
  });

  it('signs COSE receipts with the key that its DID document shows', async () => {
    const { ledger } = await solo.start();
    const answer = await fetch(`${solo.url}/v1/ledger/entries/0/receipt?format=cose`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/cose; cose-type="cose-sign1"',
    ]);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const keyId = Buffer.from(decodeCoseReceipt(bytes).keyId).toString();
    const resolver = createHttpResolver({ endpoint: solo.url, fetch });
    const { didDocument } = await resolver.resolve(keyId.split('#')[0] as string, { receipt: 'none' });
    const method = didDocument?.verificationMethod?.find(({ id }) => id === keyId);
    const key = multikeyFromText(String(method?.publicKeyMultibase));
    const verify = (message: Uint8Array, signature: Uint8Array) => verifySignature(key, message, signature);
    const trust = { origin: ORIGIN, algorithm: 'ES256', keyId: utf8(keyId), verify } as const;
    for (const { bytes: leaf } of ledger.entries(0, 1))
      expect((await verifyCoseReceipt(bytes, leaf, trust, proofCrypto.sha256)).root).toEqual(
        ledger.head().root,
      );
  });

  it('does not open with a policy that lists another key of the log, nor without genesis', async () => {
    const other = (await readFile(solo.policyFile, 'utf8')).replace(/^log .*\n/m, '');
    await writeFile(here('other.txt'), other);
    await expect(solo.start({ policyFile: here('other.txt') })).rejects.toMatchObject({
      code: 'log_key_unknown',
    });
    await expect(solo.start({ genesisFile: solo.config })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('follows the links that a quorum signed to the policy in force, and shows them to whoever has an older one', async () => {
    const next = await renamed('newer');
    const signed = await attestel(
      'node',
      'policy',
      '--config',
      solo.config,
      '--next',
      next,
      '--out',
      here('1'),
    );
    expect(signed).toMatchObject({ code: 0, out: expect.stringContaining('a quorum') });
    await solo.start({ policyLinks: [here('1')] });
    expect(await (await fetch(`${solo.url}/v1/ledger/policy`)).text()).toContain('witness newer ');
    const follow = (policy: string, ...more: string[]) =>
      attestel('ledger', 'policy', '--node', solo.url, '--policy', policy, ...more);
    const followed = await follow(solo.policyFile, '--out', here('followed.txt'));
    expect(followed).toMatchObject({ code: 0, out: expect.stringContaining('1 signed link') });
    expect(await readFile(here('followed.txt'), 'utf8')).toBe(await readFile(next, 'utf8'));
    expect((await follow(solo.policyFile, '--out', here('followed.txt'))).code).toBe(4);
    expect((await follow(next)).out).toContain('in force');
    expect(await follow(await renamed('stranger'))).toMatchObject({
      code: 6,
      err: expect.stringContaining('policy_not_in_chain'),
    });
  });

  it('does not start with links that lead nowhere, and signs no other step into a file of links', async () => {
    const link = await readFile(here('1'), 'utf8');
    await writeFile(here('torn'), link.replace('newer', 'never'));
    await expect(solo.start({ policyLinks: [here('torn')] })).rejects.toMatchObject({
      code: 'config_invalid',
    });
    await expect(solo.start({ policyLinks: [here('1'), here('1')] })).rejects.toMatchObject({
      code: 'config_invalid',
    });
    const other = await renamed('elsewhere');
    const args = ['node', 'policy', '--config', solo.config, '--next', other, '--out', here('1')];
    expect(await attestel(...args)).toMatchObject({ code: 4, err: expect.stringContaining('file_exists') });
    expect(await readFile(here('1'), 'utf8')).toBe(link);
  });
});
