import type { Route } from '@attestel/core';
import { offlinePageRoutes } from './offline-page-routes.ts';

/** What the installer's page reads from `/installer/config.json`. */
export interface InstallerConfig {
  /** Whose cosignatures make the ledger's checkpoints count (C2SP tlog-policy): the page holds every node to it. */
  readonly policy: string;
}

/** Routes of the page on which an installer checks a device, at a node that serves proofs of certificates. */
export const installerRoutes = (options: { distDir: string; config: InstallerConfig }): Route[] =>
  offlinePageRoutes({
    ...options,
    path: '/installer',
    of: 'the installer’s page',
    manifest: 'installer.webmanifest',
    permissions: 'camera=(self), microphone=(), geolocation=()',
  });
