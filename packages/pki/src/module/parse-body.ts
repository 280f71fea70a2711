import { fail } from '../errors.ts';
import { parseStrict } from '../rules/parse-strict.ts';
import { BODIES, type PkiBody, type PkiKind } from './bodies.schema.ts';

export function assertKind(kind: string): asserts kind is PkiKind {
  if (!Object.hasOwn(BODIES, kind)) throw fail('pki_kind_unknown');
}

/** @throws AppError pki_body_invalid that names the first field at fault and its rule */
export const parseBody = <K extends PkiKind>(kind: K, body: unknown): PkiBody<K> =>
  parseStrict(BODIES[kind], body, 'pki_body_invalid') as PkiBody<K>;
