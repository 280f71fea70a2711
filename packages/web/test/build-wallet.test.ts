import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWallet } from '../src/index.ts';

describe('building the wallet', () => {
  let folder = '';
  let outDir = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attestel-build-'));
    outDir = join(folder, 'wallet');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes a page without inline code and puts it in place whole, also twice at once', async () => {
    expect(await Promise.all([buildWallet({ outDir }), buildWallet({ outDir })])).toEqual([outDir, outDir]);
    expect(await readdir(folder)).toEqual(['wallet']);
    const page = await readFile(join(outDir, 'index.html'), 'utf8');
    expect(page).toContain('<script type="module" crossorigin src="/assets/');
    expect(page).not.toMatch(/<style|\sstyle=|<script>|\son\w+=/);
    expect(await readdir(join(outDir, 'assets'))).toHaveLength(2);
  }, 60_000);

  it('does nothing while the sources stay the same, and builds again when the result is another', async () => {
    const index = join(outDir, 'index.html');
    const before = (await stat(index)).mtimeMs;
    await buildWallet({ outDir });
    expect((await stat(index)).mtimeMs).toBe(before);
    await writeFile(join(outDir, '.built-from'), 'other sources');
    await buildWallet({ outDir });
    expect((await stat(index)).mtimeMs).not.toBe(before);
  }, 60_000);

  it('puts nothing into the page that only Node or a stranger could load', async () => {
    const [script = ''] = (await readdir(join(outDir, 'assets'))).filter((name) => name.endsWith('.js'));
    const text = await readFile(join(outDir, 'assets', script), 'utf8');
    expect(text).not.toMatch(/from\s*["'`]node:/);
    expect(text).not.toMatch(/import\(\s*["'`]https?:/);
  });
});
