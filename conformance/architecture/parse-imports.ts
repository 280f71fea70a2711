import { posix } from 'node:path';

export interface Import {
  readonly specifier: string;
  /** Erased before the code runs. */
  readonly typeOnly: boolean;
}

const STATEMENT = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{][^'";]*?\sfrom\s*)?(['"])([^'"\n]+)\2/gm;
const DYNAMIC = /\bimport\(\s*(?:(['"])([^'"\n]+)\1|[^'"\s)])/g;

/** Imports and re-exports of a source text; a dynamic import of a computed name has specifier `?`. */
export function parseImports(text: string): Import[] {
  const code = withoutComments(text);
  const statements = Array.from(code.matchAll(STATEMENT), (match) => ({
    specifier: match[3] as string,
    typeOnly: match[1] !== undefined,
  }));
  const dynamic = Array.from(code.matchAll(DYNAMIC), (match) => ({
    specifier: match[2] ?? '?',
    typeOnly: false,
  }));
  return [...statements, ...dynamic];
}

/** Path of a relative import inside its package, or undefined when it leaves `src`. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  const path = posix.join(posix.dirname(from), specifier);
  return path.startsWith('src/') ? path : undefined;
}

/** `@scope/name/sub/path` or `name/sub/path` → name and subpath (`.` or `./sub/path`). */
export function splitSpecifier(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/');
  const name = parts.splice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  return { name, subpath: ['.', ...parts].join('/') };
}

/** Good enough for our formatted sources: comments inside strings (`https://`) survive. */
export const withoutComments = (text: string): string =>
  text.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, '').replace(/(^|[\s;{}(,])\/\/.*$/gm, '$1');

/** Code without comments and without the contents of strings. */
export const withoutStrings = (text: string): string =>
  withoutComments(text).replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
