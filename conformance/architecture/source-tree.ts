import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface Package {
  /** Name without scope: the folder's name. */
  readonly name: string;
  readonly dependencies: readonly string[];
  /** Subpath (`.`, `./verify`) → source file relative to the package, such as `src/index.ts`. */
  readonly entries: Readonly<Record<string, string>>;
  /** Path relative to the package → text, for everything under `src`. */
  readonly files: ReadonlyMap<string, string>;
}

export type SourceTree = ReadonlyMap<string, Package>;

/** Reads `packages/*` of a repository. */
export function readSourceTree(root: URL): SourceTree {
  const packages = new URL('packages/', root);
  return new Map(
    readdirSync(packages)
      .filter((name) => existsSync(new URL(`${name}/package.json`, packages)))
      .map((name) => [name, readPackage(name, new URL(`${name}/`, packages))]),
  );
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, { readonly source?: string }>>;
}

function readPackage(name: string, folder: URL): Package {
  const manifest = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Manifest;
  const sources = readdirSync(new URL('src/', folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path));
  return {
    name,
    dependencies: Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
    entries: Object.fromEntries(
      Object.entries(manifest.exports ?? {}).map(([subpath, target]) => [
        subpath,
        (target.source ?? '').replace(/^\.\//, ''),
      ]),
    ),
    files: new Map(sources.map((path) => [path, readFileSync(new URL(path, folder), 'utf8')])),
  };
}
