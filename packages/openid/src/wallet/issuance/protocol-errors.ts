import type { AppError } from '@attestel/core';
import { Oauth2ClientErrorResponseError } from '@openid4vc/oauth2';
import { Openid4vciRetrieveCredentialsError } from '@openid4vc/openid4vci';
import { fail } from '../errors.ts';
import { transportFailure } from '../guarded-fetch.ts';

/** A transport failure as the person sees it; refused addresses keep their own code. */
export function unavailableIssuer(error: unknown): AppError | undefined {
  const transport = transportFailure(error);
  return transport?.code === 'unreachable' ? fail('issuer_unavailable', { cause: error }) : transport;
}

const WIRE_CODE = /^[a-z_]{1,64}$/;

/** The HTTP status behind a library error, when an answer came at all. */
export function httpStatusOf(error: unknown): number | undefined {
  if (error instanceof Openid4vciRetrieveCredentialsError) return error.response.response.status;
  const response = (error as { response?: { status?: unknown } } | undefined)?.response;
  return typeof response?.status === 'number' ? response.status : undefined;
}

/** The protocol's error code in the answer. Free text of the other side is never passed on. */
export function wireCodeOf(error: unknown): string | undefined {
  if (error instanceof Oauth2ClientErrorResponseError) return asWireCode(error.errorResponse.error);
  if (error instanceof Openid4vciRetrieveCredentialsError) {
    const parsed = error.response.credentialErrorResponseResult;
    return parsed?.success ? asWireCode(parsed.data.error) : undefined;
  }
  return undefined;
}

const asWireCode = (value: unknown): string | undefined =>
  typeof value === 'string' && WIRE_CODE.test(value) ? value : undefined;
