import { fromUtf8, type HttpRequest } from '@attestel/core';
import type { z } from 'zod';
import { fail } from '../errors.ts';

const mediaType = (request: HttpRequest): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/**
 * Form parameters (RFC 6749 appendix B). A parameter that comes twice is refused (§3.2), one without a
 * value counts as absent.
 * @throws AppError media_type_wrong, request_malformed
 */
export function readForm(request: HttpRequest): ReadonlyMap<string, string> {
  if (mediaType(request) !== 'application/x-www-form-urlencoded') throw fail('media_type_wrong');
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(readText(request))) {
    if (form.has(name)) throw fail('request_malformed', { extra: { rule: 'parameter repeated' } });
    if (value !== '') form.set(name, value);
  }
  return form;
}

/** @throws AppError media_type_wrong, request_malformed */
export function readJson(request: HttpRequest): unknown {
  if (mediaType(request) !== 'application/json') throw fail('media_type_wrong');
  try {
    return JSON.parse(readText(request));
  } catch (cause) {
    throw fail('request_malformed', { extra: { rule: 'not JSON' }, cause });
  }
}

/** A strict JSON body. The error names the field and the rule, never the value. @throws AppError body_invalid */
export function readBody<Schema extends z.ZodType>(request: HttpRequest, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(readJson(request));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw fail('body_invalid', {
    field: `/${issue?.path.join('/') ?? ''}`,
    extra: { rule: issue?.code ?? 'invalid' },
  });
}

function readText(request: HttpRequest): string {
  try {
    return fromUtf8(request.body);
  } catch (cause) {
    throw fail('request_malformed', { extra: { rule: 'not UTF-8' }, cause });
  }
}
