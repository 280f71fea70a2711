import { fail } from '../errors.ts';
import { parseStrict } from '../rules/parse-strict.ts';
import { BODIES, type RegistryBody, type RegistryKind } from './bodies.schema.ts';

export function assertKind(kind: string): asserts kind is RegistryKind {
  if (!Object.hasOwn(BODIES, kind)) throw fail('registry_kind_unknown');
}

/** @throws AppError registry_body_invalid that names the first field at fault and its rule */
export const parseBody = <K extends RegistryKind>(kind: K, body: unknown): RegistryBody<K> =>
  parseStrict(BODIES[kind], body, 'registry_body_invalid') as RegistryBody<K>;
