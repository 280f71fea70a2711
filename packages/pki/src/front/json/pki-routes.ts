import type { Route } from '@attestel/core';
import {
  anchorsEndpoint,
  batchesEndpoint,
  certificateEndpoint,
  type ReadEndpointOptions,
  relationsEndpoint,
  statusEndpoint,
} from './read.endpoint.ts';
import { certificatesEndpoint, challengesEndpoint, type SubmitEndpointOptions } from './submit.endpoint.ts';

/** Public answers about certificates, for any node. */
export const pkiReadRoutes = (options: ReadEndpointOptions): Route[] => [
  certificateEndpoint(options),
  anchorsEndpoint(options),
  batchesEndpoint(options),
  relationsEndpoint(options),
  statusEndpoint(options),
];

/** How a member's own lines and registration authorities publish, at the member's node. */
export const pkiSubmitRoutes = (options: SubmitEndpointOptions): Route[] => [
  challengesEndpoint(options),
  certificatesEndpoint(options),
];
