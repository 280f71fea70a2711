import { isBuiltin } from 'node:module';
import { parseImports, resolveRelative, splitSpecifier, withoutStrings } from './parse-imports.ts';
import type { ArchitectureRules } from './rules.ts';
import type { SourceTree } from './source-tree.ts';

const NODE_GLOBALS = /\b(?:Buffer\s*[.(]|process\s*\.|require\s*\(|__dirname\b|__filename\b)/;

/**
 * Walks what each browser entry loads at run time, across our packages, and names everything that only
 * Node has. Types are erased and not followed. An entry whose file does not exist yet is skipped, unless
 * its package already has code.
 */
export function checkBrowserEntries(tree: SourceTree, rules: ArchitectureRules): string[] {
  return rules.browserEntries.flatMap((entry) => {
    const [name = '', ...rest] = entry.split('/');
    const pkg = tree.get(name);
    const file = pkg?.entries[['.', ...rest].join('/')];
    if (!pkg || (!file && pkg.files.size <= 1)) return [];
    if (!file || !pkg.files.has(file)) return [`${entry}: the browser entry does not exist`];
    return walk(tree, rules, entry, { pkg: name, file });
  });
}

interface Place {
  readonly pkg: string;
  readonly file: string;
}

function walk(tree: SourceTree, rules: ArchitectureRules, entry: string, start: Place): string[] {
  const breaches: string[] = [];
  const seen = new Set<string>();
  const open = [start];
  for (let place = open.pop(); place; place = open.pop()) {
    const id = `${place.pkg}/${place.file}`;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const next of loadedBy(tree, rules, place)) {
      if (typeof next === 'string') breaches.push(`${entry} → ${id}: ${next}`);
      else open.push(next);
    }
  }
  return breaches;
}

/** Files that a file loads, and breaches as text. A missing file is for the layer check to report. */
function loadedBy(tree: SourceTree, rules: ArchitectureRules, place: Place): (Place | string)[] {
  const text = tree.get(place.pkg)?.files.get(place.file) ?? '';
  const globals = NODE_GLOBALS.test(withoutStrings(text)) ? ['uses a global of Node'] : [];
  const loaded = parseImports(text)
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ specifier }) => follow(tree, rules, place, specifier))
    .filter((next) => next !== undefined);
  return [...globals, ...loaded];
}

/** The next file, nothing for a published package that runs in browsers, or what is wrong. */
function follow(
  tree: SourceTree,
  rules: ArchitectureRules,
  from: Place,
  specifier: string,
): Place | string | undefined {
  if (specifier.startsWith('.')) {
    return { pkg: from.pkg, file: resolveRelative(from.file, specifier) ?? specifier };
  }
  const { name, subpath } = splitSpecifier(specifier);
  if (name.startsWith('@attestel/')) {
    const pkg = name.slice('@attestel/'.length);
    return { pkg, file: tree.get(pkg)?.entries[subpath] ?? subpath };
  }
  if (isBuiltin(specifier)) return `imports ${specifier}`;
  return rules.browserPackages.includes(name)
    ? undefined
    : `imports ${specifier}, not known to run in a browser`;
}
