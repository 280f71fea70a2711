import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofCrypto } from '@attestel/ledger';
import { createPolicy, formatPolicy } from '@attestel/proof';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engine } from '../../src/doctor/engine.ts';
import { diagnose } from '../../src/doctor/examine-machine.ts';
import { clock } from '../../src/doctor/machine.ts';
import { policy } from '../../src/doctor/policy.ts';
import { node } from '../../src/doctor/software.ts';
import { attestel } from '../harness/attestel.ts';
import { claimPorts } from '../harness/claim-ports.ts';
import { createLedgerFolder } from '../harness/ledger-folder.ts';

const CHECKS = ['Node', 'npm', 'packages', 'ports', 'disk', 'clock', 'keys', 'policy', 'browser', 'engine'];
const SHOP = 31;
let folder: string;
let basePort: number;

beforeAll(async () => {
  basePort = await claimPorts(18_100);
  folder = await mkdtemp(join(tmpdir(), 'attestel-doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const doctor = async (dataDir = folder) => {
  const { code, out } = await attestel('doctor', '--port', String(basePort), '--data', dataDir, '--json');
  const { ok, findings } = JSON.parse(out) as {
    ok: boolean;
    findings: { check: string; ok: boolean; says: string }[];
  };
  return { code, ok, findings, of: (check: string) => findings.find((finding) => finding.check === check) };
};

describe('attestel doctor', () => {
  it('says one line about each thing, each ok or what to do', async () => {
    const { out } = await attestel('doctor', '--port', String(basePort), '--data', folder);
    const lines = out.split('\n').slice(0, CHECKS.length);
    expect(lines.map((line) => /^(?:ok {2}|FIX ) (\S+) +\S/.exec(line)?.[1])).toEqual(CHECKS);
  });

  it('gives the same findings as one JSON document', async () => {
    const { code, ok, findings } = await doctor();
    expect(findings.map(({ check }) => check)).toEqual(CHECKS);
    expect(ok).toBe(findings.every((finding) => finding.ok));
    expect(code).toBe(ok ? 0 : 1);
  });

  it('ends with 0 when all is well and with 1 when one thing is not', () => {
    const well = { check: 'a', ok: true, says: 'well' };
    expect(diagnose([well, well])).toMatchObject({ exitCode: 0, data: { ok: true }, next: 'npm start' });
    const bad = { check: 'b', ok: false, says: 'do this' };
    expect(diagnose([well, bad])).toMatchObject({ exitCode: 1, data: { ok: false } });
    expect(diagnose([well, bad]).text).toContain('FIX  b          do this');
  });

  it('says where the policy is, and whether it is one', async () => {
    const data = await mkdtemp(join(folder, 'policy-'));
    const path = join(data, 'policy.txt');
    expect(await policy(data)).toMatchObject({ ok: true, says: expect.stringContaining(path) });
    const key = new Uint8Array(32).fill(7);
    const witness = { name: 'w', keyName: 'w.example', publicKey: key };
    const draft = { origin: 'ledger.example', logs: [], witnesses: [witness], groups: [], quorum: 'w' };
    await writeFile(path, formatPolicy(createPolicy(draft, proofCrypto.sha256)));
    expect(await policy(data)).toMatchObject({
      ok: true,
      says: `${path}: ledger.example, 1 witness`,
    });
    await writeFile(path, 'quorum none\n');
    expect(await policy(data)).toMatchObject({ ok: false, says: expect.stringContaining(path) });
  });

  it('says whether the engine of the cometbft driver is there, can be built, or is not to be had', async () => {
    const nothing = { PATH: folder, XDG_CACHE_HOME: folder };
    expect(await engine(nothing)).toMatchObject({ ok: true, says: expect.stringContaining('install Go') });
    const bad = await engine({ ...nothing, ATTESTEL_COMETBFT: join(folder, 'none') });
    expect(bad).toMatchObject({ ok: false, says: expect.stringContaining('ATTESTEL_COMETBFT') });
    const own = { ...nothing, ATTESTEL_COMETBFT: process.execPath };
    expect(await engine(own)).toMatchObject({ ok: true, says: process.execPath });
    await writeFile(join(folder, 'go'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    expect(await engine(nothing)).toMatchObject({ ok: true, says: expect.stringContaining('first use') });
  });

  it('names a taken port and ends with 1', async () => {
    const squatter = createServer();
    await new Promise<void>((listening) => void squatter.listen(basePort + SHOP, '127.0.0.1', listening));
    const { code, of } = await doctor();
    await new Promise((closed) => squatter.close(closed));
    expect(code).toBe(1);
    expect(of('ports')).toMatchObject({ ok: false, says: expect.stringContaining(String(basePort + SHOP)) });
    expect((await doctor()).of('ports')?.ok).toBe(true);
  });

  it('opens every party’s keys, and names the party whose keys it cannot open', async () => {
    const data = join(folder, 'data');
    await (await createLedgerFolder(data)).close();
    expect((await doctor(data)).of('keys')).toMatchObject({ ok: true, says: 'of 1 parties, readable' });
    await writeFile(join(data, 'zhonglian', 'keys.json'), 'not a key file');
    const { code, of } = await doctor(data);
    expect(code).toBe(1);
    expect(of('keys')).toMatchObject({ ok: false, says: expect.stringContaining('zhonglian') });
  });

  it.each([
    ['22.11.0', false],
    ['22.12.0', true],
    ['24.0.0', true],
    ['20.20.2', false],
  ])('knows whether Node %s is enough', (version, ok) => {
    expect(node(version).ok).toBe(ok);
  });

  it('notices a clock that is behind', () => {
    expect(clock(Date.UTC(2020, 0)).ok).toBe(false);
    expect(clock().ok).toBe(true);
  });

  it('takes no port that is none', async () => {
    expect((await attestel('doctor', '--port', 'many')).code).toBe(2);
  });
});
