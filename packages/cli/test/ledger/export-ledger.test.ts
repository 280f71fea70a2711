import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from '../harness/attestel.ts';
import { createLedgerFolder, type LedgerFolder } from '../harness/ledger-folder.ts';

let folder: string;
let running: LedgerFolder;
let server: Server;
let node: string;
/** How many entries the node gives at most in one answer, and what it does before each. */
let pageSize = 2;
let beforePage = async (): Promise<void> => {};
/** Whether it keeps entries from those who show no token; the tokens it was shown. */
let withholds = false;
const tokens: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-export-'));
  running = await createLedgerFolder(join(folder, 'data'));
  for (let i = 0; i < 4; i++) await running.registerApp(`app-${i}`);
  server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://node');
    if (url.pathname === '/v1/ledger/checkpoint') return void res.end(running.ledger.head().checkpoint);
    await beforePage();
    const limit = Math.min(pageSize, Number(url.searchParams.get('limit')));
    const entries = [...running.ledger.entries(Number(url.searchParams.get('from')), limit)].map(
      ({ index, bytes }) =>
        withholds && req.headers.authorization === undefined
          ? { index, hash: toBase64url(new Uint8Array(32)) }
          : { index, entry: toBase64url(bytes) },
    );
    if (req.headers.authorization) tokens.push(req.headers.authorization);
    res.end(JSON.stringify({ size: running.ledger.head().size, entries }));
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server?.close();
  await running?.close();
  await rm(folder, { recursive: true, force: true });
});

const data = () => ['--data', join(folder, 'data')];
const exportNode = (out: string) =>
  attestel('ledger', 'export', '--node', node, '--out', join(folder, out), '--json');
const verify = (file: string) =>
  attestel('ledger', 'verify', '--in', join(folder, file), ...data(), '--json');

const into = (out: string) => ['--out', join(folder, out)];

describe('attestel ledger export', () => {
  it('fetches a node’s ledger page by page, however short the pages', async () => {
    pageSize = 2;
    const { code, out } = await exportNode('paged.jsonl');
    expect(code).toBe(0);
    expect(JSON.parse(out).entries).toBe(running.ledger.head().size);
    expect((await verify('paged.jsonl')).code).toBe(0);
  });

  it('ends where the checkpoint ends while the node goes on', async () => {
    const { size } = running.ledger.head();
    let late = 0;
    beforePage = () => running.registerApp(`late-${late++}`);
    const { out } = await exportNode('growing.jsonl');
    beforePage = async () => {};
    expect(JSON.parse(out).entries).toBe(size);
    expect(running.ledger.head().size).toBeGreaterThan(size);
    expect(JSON.parse((await verify('growing.jsonl')).out)).toMatchObject({ ok: true, entries: size });
  });

  it('gives up on a node that does not give what its checkpoint covers', async () => {
    pageSize = 0;
    const { code, out } = await exportNode('nothing.jsonl');
    pageSize = 2;
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 1, error: 'ledger_incomplete' });
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('nothing.jsonl'));
  });

  it('writes documents and every checkpoint when it reads the data folder', async () => {
    const path = join(folder, 'own.jsonl');
    expect((await attestel('ledger', 'export', ...data(), '--out', path)).code).toBe(0);
    const lines = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ checkpoint }) => checkpoint)).toHaveLength(running.ledger.head().height);
    expect(lines[0]).toHaveProperty('attachment');
  });

  it('asks in the name of a party for what a node shows to nobody else', async () => {
    withholds = true;
    expect(await exportNode('withheld.jsonl')).toMatchObject({
      code: 3,
      out: expect.stringContaining('entry_withheld'),
    });
    expect(await readdir(folder)).not.toContain('withheld.jsonl.new');
    const as = (name: string, ...more: string[]) =>
      attestel('ledger', 'export', '--as', name, ...data(), ...into('shown.jsonl'), ...more);
    expect((await as('zhonglian', '--node', node)).code).toBe(0);
    withholds = false;
    expect((await verify('shown.jsonl')).code).toBe(0);
    const claims = tokens.map((token) =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()),
    );
    expect(new Set(claims.map(({ aud }) => aud))).toEqual(new Set([node]));
    expect((await as('nobody', '--node', node)).code).toBe(5);
    expect((await as('zhonglian')).code).toBe(2);
  });

  it('says that nothing answers where no node runs', async () => {
    const { code, err } = await attestel(
      'ledger',
      'export',
      '--node',
      'http://127.0.0.1:1',
      ...into('none.jsonl'),
    );
    expect(code).toBe(1);
    expect(err).toContain('nothing answers there');
  });
});

describe('attestel ledger checkpoint', () => {
  it('prints the node’s signed checkpoint as it is', async () => {
    const { out } = await attestel('ledger', 'checkpoint', '--node', node);
    expect(`${out}\n`).toBe(running.ledger.head().checkpoint);
  });
});
