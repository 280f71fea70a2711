import { isBuiltin } from 'node:module';
import { parseImports, resolveRelative, splitSpecifier } from './parse-imports.ts';
import type { ArchitectureRules } from './rules.ts';
import type { Package, SourceTree } from './source-tree.ts';

const SCOPE = '@attestel/';

/** Every breach of the allowed-imports table, one line each. */
export function checkLayers(tree: SourceTree, rules: ArchitectureRules): string[] {
  return [...tree.values()].flatMap((pkg) => {
    const allowed = rules.layers[pkg.name];
    if (!allowed) return [`${pkg.name}: package is not in the table`];
    return [...checkManifest(pkg, allowed), ...checkFiles(pkg, allowed, tree, rules)];
  });
}

function checkManifest(pkg: Package, allowed: readonly string[]): string[] {
  const packages = new Set(['core', 'proof', ...allowed.map((entry) => entry.split('/')[0] as string)]);
  return pkg.dependencies
    .filter((name) => name.startsWith(SCOPE) && !packages.has(name.slice(SCOPE.length)))
    .map((name) => `${pkg.name}/package.json: may not depend on ${name}`);
}

function checkFiles(
  pkg: Package,
  allowed: readonly string[],
  tree: SourceTree,
  { computedImports }: ArchitectureRules,
): string[] {
  const breaches: string[] = [];
  for (const [file, text] of pkg.files) {
    const imports = parseImports(text).filter(
      ({ specifier }) => specifier !== '?' || !(`${pkg.name}/${file}` in computedImports),
    );
    for (const { specifier, typeOnly } of imports) {
      const breach = specifier.startsWith('.')
        ? checkRelative(pkg, file, specifier)
        : specifier.startsWith(SCOPE)
          ? checkInternal(pkg, allowed, specifier, typeOnly, tree)
          : checkExternal(pkg, specifier);
      if (breach) breaches.push(`${pkg.name}/${file}: ${specifier} ${breach}`);
    }
  }
  return breaches;
}

function checkRelative(pkg: Package, file: string, specifier: string): string | undefined {
  const target = resolveRelative(file, specifier);
  if (target === undefined) return 'leaves the package';
  return /\.tsx?$/.test(target) && !pkg.files.has(target) ? 'does not exist' : undefined;
}

function checkInternal(
  pkg: Package,
  allowed: readonly string[],
  specifier: string,
  typeOnly: boolean,
  tree: SourceTree,
): string | undefined {
  const { name, subpath } = splitSpecifier(specifier);
  const target = name.slice(SCOPE.length);
  if (target === pkg.name) return 'is the package itself: import the file';
  if (!isAllowed(allowed, target, subpath, typeOnly)) return 'is not allowed here';
  if (!pkg.dependencies.includes(name)) return 'is not in package.json';
  return tree.get(target)?.entries[subpath] === undefined ? 'is not exported' : undefined;
}

/** A row may allow only an entry of a package (`did/verify`); its types are then free, as they are erased. */
function isAllowed(allowed: readonly string[], target: string, subpath: string, typeOnly: boolean): boolean {
  if (target === 'core' || target === 'proof') return true;
  const entry = subpath === '.' ? target : `${target}/${subpath.slice(2)}`;
  return allowed.some((row) => row === target || row === entry || (typeOnly && row.startsWith(`${target}/`)));
}

function checkExternal(pkg: Package, specifier: string): string | undefined {
  if (specifier === '?') return 'is computed, so nothing can be said about it';
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? undefined : 'needs the prefix node:';
  return pkg.dependencies.includes(splitSpecifier(specifier).name) ? undefined : 'is not in package.json';
}
