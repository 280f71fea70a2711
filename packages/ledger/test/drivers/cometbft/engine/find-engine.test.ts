import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findEngine } from '../../../../src/drivers/cometbft/engine/find-engine.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-engine-'));
  await mkdir(join(folder, 'module'));
  await writeFile(
    join(folder, 'module', 'go.mod'),
    'module m\n\nrequire (\n\tgithub.com/cometbft/cometbft v0.1.2 // indirect\n)\n',
  );
});
afterEach(() => rm(folder, { recursive: true }));

async function script(name: string, body: string): Promise<string> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
  return file;
}
/** A go that notes each build and takes a moment for it. */
const fakeGo = (
  end = 'for last; do :; done; [ "$out" ] && printf "#!/bin/sh\\n" > "$out" && chmod 700 "$out"',
) =>
  script(
    'bin/go',
    [
      '[ "$1" = version ] && exit 0',
      `echo "$PWD $CGO_ENABLED $*" >> ${folder}/builds`,
      'while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done',
      '/bin/sleep 0.3',
      end,
    ].join('\n'),
  );
const find = (env: NodeJS.ProcessEnv = {}) =>
  findEngine({
    env: { PATH: `${folder}/bin:/bin:/usr/bin`, XDG_CACHE_HOME: join(folder, 'cache'), ...env },
    toolModule: join(folder, 'module'),
  });
const builds = async (): Promise<readonly string[]> =>
  (await readFile(join(folder, 'builds'), 'utf8').catch(() => '')).split('\n').slice(0, -1);

describe.skipIf(process.platform === 'win32')('the engine', () => {
  it('is the one that ATTESTEL_COMETBFT names; a name that leads nowhere is an error, not a build', async () => {
    await fakeGo();
    const binary = await script('mine', '');
    expect(await find({ ATTESTEL_COMETBFT: binary })).toBe(binary);
    await expect(find({ ATTESTEL_COMETBFT: join(folder, 'nothing') })).rejects.toMatchObject({
      code: 'engine_missing',
      field: 'ATTESTEL_COMETBFT',
    });
    expect(await builds()).toEqual([]);
  });

  it('is built once, from the pinned module and without cgo, however many ask at once', async () => {
    await fakeGo();
    const found = await Promise.all([find(), find(), find()]);
    expect(new Set(found).size).toBe(1);
    expect(found[0]).toContain('/attestel/cometbft/v0.1.2-');
    expect(await builds()).toHaveLength(1);
    expect((await builds())[0]).toMatch(new RegExp(`^${folder}/module 0 build .*cmd/cometbft$`));
    expect((await stat(found[0] as string)).mode & 0o100).toBe(0o100);
    await find();
    expect(await builds()).toHaveLength(1);
  });

  it('that cannot be built leaves nothing behind, and says so', async () => {
    await fakeGo('echo "no network" >&2; exit 1');
    await expect(find()).rejects.toMatchObject({ code: 'engine_not_built', detail: 'no network' });
    await fakeGo();
    expect(await find()).toContain('cometbft');
  });

  it('without Go names what to install', async () => {
    await mkdir(join(folder, 'bin'));
    await expect(find({ PATH: join(folder, 'bin') })).rejects.toThrow('install Go');
  });
});
