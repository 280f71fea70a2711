import { execFile, spawn } from 'node:child_process';
import { access, constants, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isAppError } from '@attestel/core';
import { fail } from '../../../errors.ts';
import { takeWriterLock } from '../../../store/writer-lock.ts';

/** The pinned Go tool module of this repository. */
const TOOL_MODULE = fileURLToPath(new URL('../../../../../../tools/cometbft/', import.meta.url));
const PACKAGE = 'github.com/cometbft/cometbft/cmd/cometbft';
const BINARY = process.platform === 'win32' ? 'cometbft.exe' : 'cometbft';
/** How often whoever waits for another's build looks again. */
const LOOK_AGAIN_MS = 1000;
/** A line of progress for so many compiled packages; there are about 900. */
const PACKAGES_PER_LINE = 100;

const run = promisify(execFile);

export interface FindEngineOptions {
  /** Reads `ATTESTEL_COMETBFT`, `XDG_CACHE_HOME` and `PATH`. Default: the process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told what happens while the engine is built, which takes minutes. */
  readonly onProgress?: (line: string) => void;
  /** Folder with the `go.mod` that pins the engine. */
  readonly toolModule?: string;
}

export interface EngineState {
  /** `ready`: there is one; `buildable`: Go will build it at its first use; `missing`: neither. */
  readonly state: 'ready' | 'buildable' | 'missing';
  /** Where it is or will be; where nothing can be had, what was looked for. */
  readonly binary: string;
  /** Pinned version; undefined where `ATTESTEL_COMETBFT` names another one. */
  readonly version: string | undefined;
}

/** Whether this machine can have the engine; builds nothing. @throws AppError engine_missing without the pinned module */
export async function engineState(options: FindEngineOptions = {}): Promise<EngineState> {
  const { env = process.env, toolModule = TOOL_MODULE } = options;
  const named = env.ATTESTEL_COMETBFT;
  if (named !== undefined && named !== '') {
    return { state: (await isExecutable(named)) ? 'ready' : 'missing', binary: named, version: undefined };
  }
  const version = await pinnedVersion(toolModule);
  const platform = `${version}-${process.platform}-${process.arch}`;
  const binary = join(cacheFolder(env), 'attestel', 'cometbft', platform, BINARY);
  if (await isExecutable(binary)) return { state: 'ready', binary, version };
  return { state: (await hasGo(env)) ? 'buildable' : 'missing', binary, version };
}

/**
 * Path of the CometBFT binary: what `ATTESTEL_COMETBFT` names; else one built before; else built now from the
 * pinned source, which needs Go and its module proxy. Several callers at once build one time.
 * @throws AppError engine_missing naming what to install, engine_not_built with the compiler's last line
 */
export async function findEngine(options: FindEngineOptions = {}): Promise<string> {
  const { env = process.env, onProgress = () => {}, toolModule = TOOL_MODULE } = options;
  const { state, binary, version } = await engineState(options);
  if (state === 'ready') return binary;
  if (state === 'missing')
    throw fail(
      'engine_missing',
      version === undefined ? { field: 'ATTESTEL_COMETBFT' } : { extra: { version } },
    );
  return withLock(dirname(binary), async () => {
    if (await isExecutable(binary)) return binary; // another process built it while this one waited
    onProgress(`building CometBFT ${version} once; this takes some minutes`);
    await build({ toolModule, env, onProgress, binary });
    onProgress(`built ${binary}`);
    return binary;
  });
}

const cacheFolder = (env: NodeJS.ProcessEnv): string => env.XDG_CACHE_HOME || join(homedir(), '.cache');

async function pinnedVersion(toolModule: string): Promise<string> {
  const text = await readFile(join(toolModule, 'go.mod'), 'utf8').catch(() => '');
  const version = /^\s*github\.com\/cometbft\/cometbft (v[0-9][0-9A-Za-z.-]*)/m.exec(text)?.[1];
  if (version === undefined) throw fail('engine_missing', { field: 'go.mod' });
  return version;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const hasGo = (env: NodeJS.ProcessEnv): Promise<boolean> =>
  run('go', ['version'], { env }).then(
    () => true,
    () => false,
  );

/** Waits for whoever builds; a builder that died has left no lock that counts. */
async function withLock(folder: string, work: () => Promise<string>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (;;) {
    try {
      const lock = await takeWriterLock(folder);
      return await work().finally(() => lock.release());
    } catch (error) {
      if (!isAppError(error) || error.code !== 'store_in_use') throw error;
      await setTimeout(LOOK_AGAIN_MS);
    }
  }
}

interface Build extends Required<FindEngineOptions> {
  readonly binary: string;
}

/** The binary gets its name when it is complete. */
async function build({ toolModule, env, onProgress, binary }: Build): Promise<void> {
  const unfinished = `${binary}.new`;
  const go = spawn('go', ['build', '-v', '-ldflags', '-s -w', '-o', unfinished, PACKAGE], {
    cwd: toolModule,
    env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let packages = 0;
  let last = '';
  const lines = createInterface(go.stderr);
  lines.on('line', (line) => {
    last = line;
    packages += 1;
    if (packages % PACKAGES_PER_LINE === 0) onProgress(`building CometBFT: ${packages} packages`);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    go.on('error', reject);
    go.on('close', resolve);
  });
  if (code !== 0) {
    await rm(unfinished, { force: true });
    throw fail('engine_not_built', { detail: last });
  }
  await rename(unfinished, binary);
}
