import { AppError } from '@attestel/core';
import type { z } from 'zod';
import { errors, fail } from '../errors.ts';
import { BODIES, type RegistryBody, type RegistryKind } from './bodies.schema.ts';

export function assertKind(kind: string): asserts kind is RegistryKind {
  if (!Object.hasOwn(BODIES, kind)) throw fail('registry_kind_unknown');
}

/** @throws AppError registry_body_invalid that names the first field at fault and its rule */
export function parseBody<K extends RegistryKind>(kind: K, body: unknown): RegistryBody<K> {
  const parsed = BODIES[kind].safeParse(body);
  if (parsed.success) return parsed.data as RegistryBody<K>;
  throw invalid(parsed.error.issues[0] as z.core.$ZodIssue);
}

function invalid(issue: z.core.$ZodIssue): AppError {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const message = unknown === undefined ? issue.message : 'unknown field';
  return new AppError(
    'registry_body_invalid',
    { ...errors.registry_body_invalid, message },
    { field: path.map(pointerToken).join('') || '/' },
  );
}

/** Names of unknown fields are hostile text: shown only where they look like a field name. */
const pointerToken = (key: PropertyKey): string =>
  /^[\w.-]{1,40}$/.test(String(key)) ? `/${String(key)}` : '/…';
