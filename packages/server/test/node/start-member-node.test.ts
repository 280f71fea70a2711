import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMemoryStore,
  type Signer,
  silentLogger,
  systemClock,
  systemRandom,
  toHex,
  unixSeconds,
} from '@attestel/core';
import { createOrganisation } from '@attestel/did';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
import {
  type CosignedLedger,
  ledgerRoutes,
  openCosignedLedger,
  proofCrypto,
  witnessVerifierKey,
} from '@attestel/ledger';
import {
  createPolicy,
  createVerifierKey,
  formatPolicy,
  formatVerifierKey,
  parsePolicy,
  parseVerifierKey,
} from '@attestel/proof';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/http/http-server.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { LEDGER_RULES, parseNodeConfig, startMemberNode, witnessText } from '../../src/index.ts';
import { openPartyKeys } from '../../src/node/open-party-keys.ts';

const ORIGIN = 'ledger.example/test';
const PASSPHRASE = { passphrase: 'of this test', scryptN: 2 ** 10 };
let folder: string;
let keys: KeyStore;
let server: HttpServer;
let ledger: CosignedLedger;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

const rawKey = (signer: Signer) => witnessVerifierKey({ name: ORIGIN, signer }).publicKey;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-member-'));
  keys = createMemoryKeyStore();
  for (const ref of ['log', 'witness'])
    await keys.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref });
  const [signer, witness] = [await keys.signer('log'), await keys.signer('witness')];
  const member = await witnessText(await openPartyKeys({ dataDir: folder, ...PASSPHRASE }), 'member.example');
  const policy = createPolicy(
    {
      origin: ORIGIN,
      logs: [{ publicKey: rawKey(signer) }],
      witnesses: [
        { name: 'order', keyName: 'order.example', publicKey: rawKey(witness) },
        {
          name: 'member',
          keyName: 'member.example',
          publicKey: parseVerifierKey(member, proofCrypto.sha256).publicKey,
        },
      ],
      groups: [{ name: 'both', threshold: 2, members: ['order', 'member'] }],
      quorum: 'both',
    },
    proofCrypto.sha256,
  );
  await writeFile(join(folder, 'policy.txt'), formatPolicy(policy));
  const peers: string[] = [];
  ledger = await openCosignedLedger({
    ...LEDGER_RULES,
    network: 'test',
    origin: ORIGIN,
    store: createMemoryStore(),
    signer,
    witness: { name: 'order.example', signer: witness, clock: systemClock },
    policy,
    genesis: 'none',
    clock: systemClock,
    logger: silentLogger,
    peers,
    fetch,
  });
  closing.push(() => ledger.close());
  server = await startHttpServer({
    origin: 'http://127.0.0.1',
    host: '127.0.0.1',
    port: 0,
    routes: ledgerRoutes(ledger),
    logger: silentLogger,
    metrics: createMetrics('order'),
    random: systemRandom,
    ready: () => true,
  });
  closing.push(() => server.close());
});

const checkpointKey = async () =>
  formatVerifierKey(
    createVerifierKey(proofCrypto.sha256, {
      name: ORIGIN,
      type: 'ed25519',
      publicKey: rawKey(await keys.signer('log')),
    }),
  );

const configOf = async (port = 0, follow = {}) =>
  parseNodeConfig({
    instance: 'member',
    network: 'test',
    dataDir: folder,
    name: { 'zh-CN': '成员', en: 'Member' },
    http: { origin: `http://127.0.0.1:${port || 4999}`, port },
    ledger: {
      follow: {
        url: `http://127.0.0.1:${server.port}`,
        checkpointKey: await checkpointKey(),
        policyFile: join(folder, 'policy.txt'),
        ...follow,
      },
    },
    roles: { resolver: true },
    logLevel: 'silent',
  });

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', () => resolve()));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const organisation = async () =>
  createOrganisation({
    keyStore: keys,
    network: 'test',
    prefix: 'org',
    services: [],
    random: systemRandom,
    notAfter: unixSeconds(systemClock) + 3600,
  });

describe('a member’s own node', () => {
  it('follows the ledger it is configured with, and takes what is new within moments', async () => {
    const member = await startMemberNode(await configOf(), { ...PASSPHRASE, logger: silentLogger });
    closing.push(() => member.close());
    const { operation } = await organisation();
    await ledger.submit([operation]);
    await vi.waitFor(() => expect(member.ledger.head().size).toBe(ledger.head().size), 20_000);
    expect(toHex(member.ledger.head().appHash)).toBe(toHex(ledger.head().appHash));
    ledger.cosign(member.ledger.head().checkpoint);
    expect(ledger.proofs.eventReceipt(0, 'full').length).toBeGreaterThan(100);
    expect(member.ledger.attachment(operation.id)).toEqual(operation.attachment);
  });

  it('follows a log without a key by the quorum of the policy, and nothing that lacks it', async () => {
    const { origin, logs, witnesses } = parsePolicy(
      await readFile(join(folder, 'policy.txt'), 'utf8'),
      proofCrypto.sha256,
    );
    const writePolicy = (quorum: string) =>
      writeFile(
        join(folder, 'policy.txt'),
        formatPolicy(createPolicy({ origin, logs, witnesses, groups: [], quorum }, proofCrypto.sha256)),
      );
    const config = await configOf(0, { checkpointKey: undefined });
    await ledger.submit([(await organisation()).operation]);
    // The other's signature is missing, and this node's own comes only after it has followed.
    await writePolicy('member');
    const waiting = await startMemberNode(config, { ...PASSPHRASE, logger: silentLogger });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(waiting.ledger.head().size).toBe(0);
    await waiting.close();
    await writePolicy('order');
    const member = await startMemberNode(config, { ...PASSPHRASE, logger: silentLogger });
    closing.push(() => member.close());
    await vi.waitFor(() => expect(member.ledger.head().size).toBe(ledger.head().size), 20_000);
    expect(toHex(member.ledger.head().appHash)).toBe(toHex(ledger.head().appHash));
  });

  it('hands on what is submitted to it', async () => {
    const member = await startMemberNode(await configOf(), { ...PASSPHRASE, logger: silentLogger });
    closing.push(() => member.close());
    const { operation } = await organisation();
    expect(await member.ledger.submit([operation])).toMatchObject([{ ok: true, index: 0, height: 1 }]);
    expect(await member.ledger.submit([operation])).toMatchObject([{ ok: false }]);
  });

  it('does not start with a policy that does not list its key, or of another ledger', async () => {
    const other = await keys.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref: 'other' });
    const publicKey = rawKey(await keys.signer(other.ref));
    const draft = { logs: [], groups: [], quorum: 'x', witnesses: [{ name: 'x', keyName: 'x', publicKey }] };
    const write = (origin: string) =>
      writeFile(
        join(folder, 'policy.txt'),
        formatPolicy(createPolicy({ ...draft, origin }, proofCrypto.sha256)),
      );
    await write(ORIGIN);
    await expect(startMemberNode(await configOf(), PASSPHRASE)).rejects.toMatchObject({
      code: 'witness_unknown',
    });
    await write('elsewhere.example');
    await expect(startMemberNode(await configOf(), PASSPHRASE)).rejects.toMatchObject({
      code: 'config_invalid',
    });
    await rm(join(folder, 'policy.txt'));
    await expect(startMemberNode(await configOf(), PASSPHRASE)).rejects.toMatchObject({
      code: 'file_unreadable',
    });
  });

  it('does not start without a ledger or with a key of another kind', async () => {
    const { ledger: _, ...config } = await configOf();
    await expect(startMemberNode({ ...config, ledger: undefined }, PASSPHRASE)).rejects.toMatchObject({
      code: 'ledger_not_configured',
    });
    const key = (await checkpointKey()).replace('ledger.', 'Ledger.');
    await expect(
      startMemberNode(await configOf(0, { checkpointKey: key }), PASSPHRASE),
    ).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });

  it('shows what it knows of the ledger in its metrics', async () => {
    const port = await freePort();
    const member = await startMemberNode(await configOf(port), { ...PASSPHRASE, logger: silentLogger });
    closing.push(() => member.close());
    await member.ledger.submit([(await organisation()).operation]);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const line of [
      'attestel_ledger_height{instance="member"} 1',
      'attestel_ledger_entries{instance="member"} 2',
      'attestel_ledger_operations_total{instance="member"} 1',
      'attestel_ledger_alarms{instance="member"} 0',
      'attestel_ledger_commit_seconds_count{instance="member"} 1',
      'attestel_ledger_operations_refused_total{instance="member"} 0',
    ])
      expect(text).toContain(line);
    expect(text).toMatch(/attestel_ledger_cosignatures\{instance="member"\} [12]/);
    expect(await (await fetch(`http://127.0.0.1:${port}/v1/ledger/alarms`)).json()).toEqual({ alarms: [] });
  });
});
