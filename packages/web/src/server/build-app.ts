import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface BuildOptions {
  /** Default: a folder of the app's name in `dist` of this package. */
  readonly outDir?: string;
}

/** Pages that are built: the wallet, those where installers check and inspectors visit devices, the console of a member's staff. */
export type AppName = 'wallet' | 'installer' | 'inspection' | 'console';

const HERE = dirname(fileURLToPath(import.meta.url));
const PACKAGE = join(HERE, '..', '..');
const STAMP = '.built-from';
const SOURCE_FILE = /\.(?:ts|tsx|js|css|html|svg|json|webmanifest)$/;

export const buildWallet = (options: BuildOptions = {}): Promise<string> => buildApp('wallet', options);

export const buildInstaller = (options: BuildOptions = {}): Promise<string> => buildApp('installer', options);

export const buildInspection = (options: BuildOptions = {}): Promise<string> =>
  buildApp('inspection', options);

export const buildConsole = (options: BuildOptions = {}): Promise<string> => buildApp('console', options);

/**
 * Builds pages for browsers and returns the folder with the result. Does nothing when neither their sources nor
 * those of the packages in their bundle changed. The folder is put in place in one step, so that a server never
 * reads half a build.
 */
async function buildApp(name: AppName, options: BuildOptions): Promise<string> {
  const outDir = options.outDir ?? join(PACKAGE, 'dist', name);
  const stamp = await sourceDigest();
  if ((await readStamp(outDir)) === stamp) return outDir;
  const fresh = `${outDir}.${process.pid}.${randomUUID()}`;
  await rm(fresh, { recursive: true, force: true });
  const { runViteBuild } = await import('./vite-build.ts');
  await runViteBuild(fresh, name);
  await writeFile(join(fresh, STAMP), stamp);
  await mkdir(dirname(outDir), { recursive: true });
  await putInPlace(fresh, outDir, stamp);
  return outDir;
}

/** Renames, never copies. Another process may have built the same at the same time: the first one stays. */
async function putInPlace(fresh: string, outDir: string, stamp: string): Promise<void> {
  const old = `${fresh}.old`;
  if ((await readStamp(outDir)) !== stamp) {
    await rename(outDir, old).catch(() => undefined);
    await rename(fresh, outDir).catch(async (error: unknown) => {
      if ((await readStamp(outDir)) !== stamp) throw error;
    });
  }
  for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true });
}

/** SHA-256 over names and contents of everything the bundle is made of. */
async function sourceDigest(): Promise<string> {
  const packages = ['core', 'credentials', 'did', 'keystore', 'openid', 'pki', 'proof', 'registry'].map(
    (name) => join(PACKAGE, '..', name, 'src'),
  );
  const hash = createHash('sha256');
  for (const folder of [join(PACKAGE, 'src'), ...packages]) {
    for (const file of await sourceFiles(folder)) {
      hash
        .update(`${relative(PACKAGE, file)}\0`)
        .update(await readFile(file))
        .update('\0');
    }
  }
  for (const name of ['vite', 'preact', 'jose', 'dcql', 'zod'])
    hash.update(`${name}@${await versionOf(name)}\0`);
  return hash.digest('hex');
}

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && SOURCE_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function versionOf(name: string): Promise<string> {
  const entry = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of entry) {
    const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return String((JSON.parse(text) as { version?: unknown }).version);
  }
  return 'none';
}

const readStamp = (outDir: string): Promise<string | undefined> =>
  readFile(join(outDir, STAMP), 'utf8').catch(() => undefined);
