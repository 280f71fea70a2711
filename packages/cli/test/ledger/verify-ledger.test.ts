import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@attestel/ledger';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from '../harness/attestel.ts';
import { createLedgerFolder, type LedgerFolder } from '../harness/ledger-folder.ts';

const BLOCKS = 5;
let folder: string;
let data: string;
let exported: string;
let running: LedgerFolder;
let key: string;
let lines: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-verify-'));
  data = join(folder, 'data');
  exported = join(folder, 'ledger.jsonl');
  running = await createLedgerFolder(data);
  for (let i = 1; i < BLOCKS; i++) await running.registerApp(`app-${i}`);
  await attestel('ledger', 'export', '--data', data, '--out', exported);
  lines = (await readFile(exported, 'utf8')).split('\n').slice(0, -1);
  key = JSON.parse((await attestel('ledger', 'verify', '--data', data, '--json')).out).signer;
});
afterAll(async () => {
  await running?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Verifies a changed export, against the key alone. */
async function verify(content: string | Uint8Array) {
  const path = join(folder, 'changed.jsonl');
  await writeFile(path, content);
  const { code, out } = await attestel('ledger', 'verify', '--in', path, '--key', key, '--json');
  return { code, ...JSON.parse(out) };
}

describe('attestel ledger verify', () => {
  it('says how many entries and blocks there are, their root and who signed', async () => {
    const { code, out } = await attestel('ledger', 'verify', '--data', data);
    const { size, height, root } = running.ledger.head();
    expect(code).toBe(0);
    expect(out).toContain(`entries  ${size}`);
    expect(out).toContain(`blocks   ${height}`);
    expect(out).toContain(Buffer.from(root).toString('base64'));
    expect(out).toMatch(/signed {3}attestel\.demo\/demo-0badcafe\+[0-9a-f]{8}\+\S{44}$/);
  });

  it('verifies an export against nothing but the key', async () => {
    const root = Buffer.from(running.ledger.head().root).toString('base64');
    expect(await verify(lines.join('\n'))).toMatchObject({ code: 0, ok: true, blocks: BLOCKS, root });
  });

  it('names an entry of which one byte was flipped, and ends with exit code 6', async () => {
    const at = lines.findIndex((line) => line.startsWith('{"index":4,'));
    const { entry, ...rest } = JSON.parse(lines[at] as string);
    const bytes = Buffer.from(entry, 'base64url');
    bytes[40] = (bytes[40] as number) ^ 1;
    // With a hash that agrees, as a forger would write it: then signature and rules must tell.
    const { hash: _, ...forged } = { ...rest, entry: bytes.toString('base64url') };
    const content = lines.with(at, JSON.stringify(forged)).join('\n');
    expect(await verify(content)).toMatchObject({ code: 6, error: 'log_invalid', index: 4 });
  });

  it('names the line whatever bit of it was flipped', async () => {
    const whole = Buffer.from(`${lines.join('\n')}\n`);
    const header = lines[0]?.length ?? 0;
    const bit = fc.tuple(
      fc.integer({ min: header + 1, max: whole.length - 2 }),
      fc.integer({ min: 0, max: 7 }),
    );
    await fc.assert(
      fc.asyncProperty(bit, async ([position, shift]) => {
        const changed = Buffer.from(whole);
        changed[position] = (changed[position] as number) ^ (1 << shift);
        const index = whole.subarray(0, position).toString('latin1').split('\n').length - 2;
        expect(await verify(changed)).toMatchObject({ code: 6, index });
      }),
      { numRuns: 150 },
    );
  });

  it('names the place where two lines were swapped', async () => {
    const swapped = lines.with(3, lines[4] as string).with(4, lines[3] as string);
    expect(await verify(swapped.join('\n'))).toMatchObject({ code: 6, index: 2, reason: 'entry_missing' });
  });

  it('names the place where an entry was left out, added twice or cut off', async () => {
    expect(await verify(lines.toSpliced(3, 1).join('\n'))).toMatchObject({ code: 6, index: 2 });
    expect(await verify(lines.toSpliced(3, 0, lines[3] as string).join('\n'))).toMatchObject({
      code: 6,
      index: 3,
    });
    expect(await verify(lines.slice(0, -1).join('\n'))).toMatchObject({ code: 6, reason: 'block_open' });
  });

  it('counts no checkpoint that another key signed', async () => {
    const other = await createLedgerFolder(join(folder, 'other'));
    await other.close();
    const { out } = await attestel('ledger', 'verify', '--data', join(folder, 'other'), '--json');
    const path = join(folder, 'whole.jsonl');
    await writeFile(path, lines.join('\n'));
    const answer = await attestel('ledger', 'verify', '--in', path, '--key', JSON.parse(out).signer);
    expect(answer.code).toBe(6);
    expect(answer.err).toContain('checkpoint_invalid');
  });

  it('refuses a ledger of the same signer that began with another genesis', async () => {
    const other = await createLedgerFolder(join(folder, 'founded-by-others'));
    await other.close();
    const genesis = join(folder, 'founded-by-others', 'genesis.cbor');
    const path = join(folder, 'same-signer.jsonl');
    await writeFile(path, lines.join('\n'));
    const answer = await attestel(
      'ledger',
      'verify',
      '--in',
      path,
      '--key',
      key,
      '--genesis',
      genesis,
      '--json',
    );
    expect({ code: answer.code, ...JSON.parse(answer.out) }).toMatchObject({
      code: 6,
      index: 0,
      reason: 'genesis_mismatch',
    });
    const own = ['--genesis', join(data, 'genesis.cbor')];
    expect((await attestel('ledger', 'verify', '--in', path, '--key', key, ...own)).code).toBe(0);
    const malformed = ['--genesis', path];
    expect((await attestel('ledger', 'verify', '--in', path, '--key', key, ...malformed)).code).toBe(2);
  });

  it('compares the data folder’s own ledger with its genesis, and refuses to go without', async () => {
    const copy = join(folder, 'other-genesis');
    const other = join(folder, 'founded-by-strangers');
    await (await createLedgerFolder(other)).close();
    await cp(data, copy, { recursive: true, filter: (path) => !/(?:\.lock|lock\.mdb)$/.test(path) });
    await cp(join(other, 'genesis.cbor'), join(copy, 'genesis.cbor'));
    const { code, out } = await attestel('ledger', 'verify', '--data', copy, '--json');
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 6, reason: 'genesis_mismatch' });
    await rm(join(copy, 'genesis.cbor'));
    expect((await attestel('ledger', 'verify', '--data', copy)).code).toBe(5);
  });

  it('says that an export is of another ledger than the key signs for', async () => {
    const header = JSON.stringify({ ...JSON.parse(lines[0] as string), origin: 'other.example/x' });
    expect(await verify(lines.with(0, header).join('\n'))).toMatchObject({
      code: 6,
      error: 'ledger_of_other_origin',
    });
  });

  it.each([
    ['not an export', 'hello\n', 2],
    ['an empty file', '', 2],
  ])('takes %s for bad input', async (_what, content, code) => {
    expect(await verify(content)).toMatchObject({ code, error: 'export_invalid' });
  });

  it.each(['x', 'a+00000000+AAAA', `a+deadbeef+${Buffer.alloc(33, 1).toString('base64')}`])(
    'refuses the malformed verifier key %s',
    async (malformed) => {
      const { code, err } = await attestel('ledger', 'verify', '--in', exported, '--key', malformed);
      expect(code).toBe(2);
      expect(err).toContain('--key');
    },
  );

  it('finds neither data nor file where there is none', async () => {
    expect((await attestel('ledger', 'verify', '--data', join(folder, 'none'))).code).toBe(5);
    expect((await attestel('ledger', 'export', '--data', join(folder, 'none'))).code).toBe(5);
    const { code, err } = await attestel('ledger', 'verify', '--in', join(folder, 'none'), '--key', key);
    expect(code).toBe(5);
    expect(err).toContain('--in');
  });

  it('says that a folder is no file, with the exit code of bad input', async () => {
    const { code, err } = await attestel('ledger', 'verify', '--in', folder, '--data', data);
    expect([code, err]).toEqual([2, expect.stringContaining('[file_unusable]')]);
  });

  it('reads beside a node that goes on writing', async () => {
    const verifying = attestel('ledger', 'verify', '--data', data, '--json');
    for (let i = 0; i < 3; i++) await running.registerApp(`late-${i}`);
    expect((await verifying).code).toBe(0);
  });

  it('names the entry that changed in the store itself', async () => {
    const copy = join(folder, 'copy');
    await cp(data, copy, {
      recursive: true,
      filter: (path) => !path.endsWith('.lock') && !path.endsWith('lock.mdb'),
    });
    const store = await openLmdbStore({ path: join(copy, 'ledger') });
    const stored = [...store.range('ledger/entries')][3];
    const [at, bytes] = stored as readonly [Uint8Array, Uint8Array];
    const changed = bytes.with(40, (bytes[40] as number) ^ 1);
    await store.transact((writer) => writer.put('ledger/entries', at, changed));
    await store.close();
    const { code, out } = await attestel('ledger', 'verify', '--data', copy, '--json');
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 6, index: 3 });
  });
});
