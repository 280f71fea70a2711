import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';

const APP = join(dirname(fileURLToPath(import.meta.url)), '..', 'app');

/** One bundle for all pages: no inline script or style, so that the strictest policy fits. */
export function viteConfig(outDir: string): InlineConfig {
  return {
    root: APP,
    configFile: false,
    logLevel: 'warn',
    publicDir: join(APP, 'public'),
    resolve: {
      conditions: ['source', 'module', 'browser', 'production'],
      alias: { buffer: join(APP, 'wallet', 'buffer.ts') },
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1024,
      reportCompressedSize: false,
    },
  };
}

export async function runViteBuild(outDir: string): Promise<void> {
  await build(viteConfig(outDir));
}
