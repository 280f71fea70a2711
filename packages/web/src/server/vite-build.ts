import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';
import type { AppName } from './build-app.ts';

const SOURCES = join(dirname(fileURLToPath(import.meta.url)), '..');
const WALLET = join(SOURCES, 'app');
/** Where each app's sources are, and the path it is served below. */
const APPS = {
  wallet: { root: WALLET, base: '/' },
  installer: { root: join(SOURCES, 'installer'), base: '/installer/' },
  inspection: { root: join(SOURCES, 'inspection'), base: '/inspect/' },
  console: { root: join(SOURCES, 'console'), base: '/console/' },
} as const satisfies Record<AppName, object>;

/** Pages that open without a network. */
const OFFLINE: readonly AppName[] = ['installer', 'inspection'];

/** One bundle for all pages: no inline script or style, so that the strictest policy fits. */
export function viteConfig(outDir: string, app: AppName = 'wallet'): InlineConfig {
  const { root, base } = APPS[app];
  return {
    ...{ root, base },
    configFile: false,
    logLevel: 'warn',
    publicDir: join(root, 'public'),
    resolve: {
      conditions: ['source', 'module', 'browser', 'production'],
      alias: { buffer: join(WALLET, 'wallet', 'buffer.ts') },
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

export async function runViteBuild(outDir: string, app: AppName): Promise<void> {
  await build(viteConfig(outDir, app));
  if (OFFLINE.includes(app)) await copyFile(join(SOURCES, 'offline', 'worker.js'), join(outDir, 'worker.js'));
}
