import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { viteConfig } from '../../src/server/vite-build.ts';

const BUILTIN = new Set(builtinModules);

/**
 * Bundles entries as the wallet's page does, following every import, and returns what a browser could
 * not load: Node's modules and native add-ons. `buffer` is Node's name too, but resolves to our stand-in.
 */
export async function forbiddenImports(entries: Readonly<Record<string, string>>): Promise<string[]> {
  const found = new Set<string>();
  const watch: Plugin = {
    name: 'forbidden-imports',
    enforce: 'pre',
    resolveId(id, importer) {
      if (entries[id] !== undefined) return `\0entry:${id}`;
      const isNode = id.startsWith('node:') || (BUILTIN.has(id) && id !== 'buffer');
      if (isNode || id.endsWith('.node')) {
        found.add(`${importer?.replace(/^.*\/(?:packages|node_modules)\//, '')} imports ${id}`);
        return { id: `\0forbidden:${id}`, external: true };
      }
      return null;
    },
    load(id) {
      return id.startsWith('\0entry:') ? entries[id.slice('\0entry:'.length)] : null;
    },
  };
  const config = viteConfig(join('/nonexistent', 'never-written'));
  await build({
    ...config,
    logLevel: 'silent',
    publicDir: false,
    plugins: [watch],
    build: { write: false, minify: false, rollupOptions: { input: Object.keys(entries), treeshake: false } },
  });
  return [...found];
}
