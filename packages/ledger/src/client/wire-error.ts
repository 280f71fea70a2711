import { AppError, type ErrorKind, EXIT_CODES } from '@attestel/core';
import { fail } from '../errors.ts';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Kinds by status, for problem documents (RFC 9457), which carry no kind. */
const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: 'unauthenticated',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  410: 'gone',
  413: 'too-large',
  422: 'proof-failed',
  429: 'too-many',
  501: 'unsupported',
  503: 'unavailable',
};

/**
 * The error that a node told: a refused operation (with its kind) or a problem document (with its
 * status). Codes and texts are the node's own, so both are bounded. @throws AppError answer_invalid
 */
export function errorFromWire(value: unknown, status?: number): AppError {
  if (!isRecord(value)) throw fail('answer_invalid');
  const { code, field } = value;
  const message = value.message ?? value.title;
  const kind = status === undefined ? value.kind : (KIND_OF_STATUS[status] ?? 'bad-input');
  if (typeof code !== 'string' || typeof message !== 'string' || !isKind(kind)) throw fail('answer_invalid');
  const known = typeof field === 'string' ? field.slice(0, 200) : undefined;
  // An AppError writes its field in front of its message, and the message on the wire has it already.
  const rule =
    known !== undefined && message.startsWith(`${known}: `) ? message.slice(known.length + 2) : message;
  return new AppError(
    code.slice(0, 100),
    {
      kind: status !== undefined && status >= 500 && kind === 'bad-input' ? 'internal' : kind,
      message: rule.slice(0, 500),
    },
    { ...(known !== undefined && { field: known }), extra: extraOf(value) },
  );
}

const isKind = (value: unknown): value is ErrorKind =>
  typeof value === 'string' && Object.hasOwn(EXIT_CODES, value);

const OWN_MEMBERS = ['type', 'title', 'status', 'code', 'kind', 'message', 'field', 'extra'];

/** Extra members stand beside the others in a problem document, in `extra` in a result. */
function extraOf(value: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const source = isRecord(value.extra) ? value.extra : value;
  const extra: Record<string, string | number | boolean> = {};
  for (const [key, item] of Object.entries(source).slice(0, 20)) {
    if (source === value && OWN_MEMBERS.includes(key)) continue;
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') extra[key] = item;
  }
  return extra;
}
