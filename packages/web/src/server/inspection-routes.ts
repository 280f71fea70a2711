import type { Route } from '@attestel/core';
import { offlinePageRoutes } from './offline-page-routes.ts';

/** What the inspector's page reads from `/inspect/config.json`. */
export interface InspectionPageConfig {
  /** Origin of the node, as tokens of phones name it. */
  readonly audience: string;
  /** Member whose node this is. */
  readonly member: { readonly 'zh-CN': string; readonly en: string };
  readonly channel: string;
  /** `name@version` of the module that visits go to. */
  readonly module: string;
}

/** Routes of the page on which an inspector visits devices. Photos that it shows are its own: `blob:`. */
export const inspectionRoutes = (options: { distDir: string; config: InspectionPageConfig }): Route[] =>
  offlinePageRoutes({
    ...options,
    path: '/inspect',
    of: 'the inspector’s page',
    manifest: 'inspection.webmanifest',
    images: ['blob:'],
    permissions: 'camera=(self), microphone=(), geolocation=(self)',
  });
