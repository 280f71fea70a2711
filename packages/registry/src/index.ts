export { buildRegistryOperation, type RegistryOperationRequest } from './build-operation.ts';
export { createRegistryClient, type RegistryClientOptions } from './client.ts';
export { createRegistry } from './create-registry.ts';
export { errors as registryErrors } from './errors.ts';
export type { RegistryBody, RegistryKind } from './operations/bodies.schema.ts';
export { registryRoutes } from './registry.endpoint.ts';
export { registryModule } from './registry-module.ts';
export { APP_CLAIMS, type AppClaim } from './rules/app-claims.ts';
export { REGISTRY_MODULE } from './state/collections.ts';
export type {
  App,
  Bridge,
  ClientAuthentication,
  DisplayName,
  Issuer,
  Member,
  Registry,
  RegistryClient,
  Role,
  Validity,
} from './types.ts';
