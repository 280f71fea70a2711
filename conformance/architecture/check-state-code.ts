import { parseImports, resolveRelative, withoutStrings } from './parse-imports.ts';
import type { ArchitectureRules } from './rules.ts';
import type { Package, SourceTree } from './source-tree.ts';

const DECLARES_MODULE = /(?::|satisfies|=>)\s*LedgerModule\b/;

/** What two validators could see differently, or what does not return at once. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\bDate\b|\bperformance\b/, 'reads a clock'],
  [/\bsystemClock\b|\bsystemRandom\b/, "takes the system's clock or randomness"],
  [
    /\bMath\s*\.\s*(?!floor\b|ceil\b|trunc\b|min\b|max\b|abs\b|sign\b)\w+/,
    'uses Math beyond exact integer functions',
  ],
  [/\bcrypto\b/, 'uses crypto'],
  [/\btoLocale\w+|\bIntl\b|\blocaleCompare\b/, 'depends on the locale'],
  [/\b\d[\d_]*\.\d|\bparseFloat\b|\btoFixed\b|\b\d+e-\d/, 'uses floating point'],
  [/\bprocess\b|\bglobalThis\b/, 'reads its surroundings'],
  [/\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bqueueMicrotask\b/, 'is not synchronous'],
  [/\bWeakRef\b|\bFinalizationRegistry\b/, 'depends on garbage collection'],
];

/** Ledger state code and every file of its package that it loads: deterministic or named here. */
export function checkStateCode(tree: SourceTree, rules: ArchitectureRules): string[] {
  return [...tree.values()].flatMap((pkg) =>
    [...stateFiles(pkg, rules)].flatMap((file) => {
      const id = `${pkg.name}/${file}`;
      return id in rules.stateExemptions ? [] : checkText(id, pkg.files.get(file) ?? '');
    }),
  );
}

/** Exported for its own test: a detector that finds nothing would be green for ever. */
export function stateFiles(pkg: Package, rules: ArchitectureRules): ReadonlySet<string> {
  const isRoot = ([file, text]: [string, string]): boolean =>
    rules.stateFolders.some((folder) => folder.test(`${pkg.name}/${file}`)) ||
    // The host's own code speaks of modules without being one.
    (pkg.name !== 'ledger' && DECLARES_MODULE.test(withoutStrings(text)));
  const open = [...pkg.files].filter(isRoot).map(([file]) => file);
  const found = new Set<string>();
  for (let file = open.pop(); file; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const { specifier, typeOnly } of parseImports(pkg.files.get(file) ?? '')) {
      const target = specifier.startsWith('.') && !typeOnly && resolveRelative(file, specifier);
      if (target) open.push(target);
    }
  }
  return found;
}

function checkText(id: string, text: string): string[] {
  const code = withoutStrings(text);
  const imports = parseImports(text)
    .filter(({ specifier }) => !/^(?:\.|@attestel\/|zod$)/.test(specifier))
    .map(({ specifier }) => `${id}: state code imports ${specifier}`);
  const words = FORBIDDEN.filter(([pattern]) => pattern.test(code)).map(
    ([, what]) => `${id}: state code ${what}`,
  );
  return [...imports, ...words];
}
