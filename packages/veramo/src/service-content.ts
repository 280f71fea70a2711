import type { ServiceContent } from '@attestel/did';
import type { IService } from '@veramo/core-types';
import { fail } from './errors.ts';

/** Fragment of `did#name`, `#name` or `name`. @throws AppError service_unsupported for another DID's id */
export function fragmentOf(did: string, id: string): string {
  if (id.startsWith(`${did}#`)) return id.slice(did.length + 1);
  if (id.startsWith('did:')) throw fail('service_unsupported', { field: 'id' });
  return id.startsWith('#') ? id.slice(1) : id;
}

/**
 * Service of Veramo as did:mno writes it: one URL (specs/did-mno.md §5.1). A description has no place in it
 * and stays with the agent. @throws AppError service_unsupported
 */
export function serviceContent(did: string, service: IService): ServiceContent {
  const { id, type, serviceEndpoint } = service;
  const [endpoint, ...more] = [serviceEndpoint].flat();
  if (typeof endpoint !== 'string' || more.length > 0) {
    throw fail('service_unsupported', { field: 'serviceEndpoint' });
  }
  return { fragment: fragmentOf(did, id), type, serviceEndpoint: endpoint };
}
