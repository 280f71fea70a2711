import {
  type Bytes,
  type Clock,
  equalBytes,
  errorResponse,
  type HttpRequest,
  type HttpResponse,
  isAppError,
  type Route,
  unixSeconds,
} from '@attestel/core';
import { EXTENSION, nameKey, readDer, readName, TAG } from '@attestel/x509';
import type { KeyRequest } from '../../ca/certification-request.ts';
import type { Enrolment, Requester } from '../enrolment.ts';
import { fail } from '../errors.ts';
import { attributesAnswer, certificatesAnswer, EST_LIMITS, readRequestBody } from './body.ts';
import { attributesWithPassword } from './csr-attributes.ts';
import { identifyRequester, type RequesterOptions } from './requester.ts';

export interface EstRoutesOptions extends RequesterOptions {
  readonly enrolment: Enrolment;
  readonly clock: Clock;
  /** DER CsrAttrs (RFC 8951 §3.5): what requests should hold; default: what the enrolment needs. */
  readonly attributes?: (label: string | undefined) => Promise<Bytes> | Bytes | undefined;
}

const PATH = '/.well-known/est';

/** Enrolment over secure transport (RFC 7030, RFC 8951), each path also below a label. */
export function estRoutes(options: EstRoutesOptions): Route[] {
  const get = { method: 'GET', errors: 'problem' } as const;
  const post = {
    method: 'POST',
    errors: 'problem',
    accepts: ['application/pkcs10'],
    maxBodyBytes: EST_LIMITS.bodyBytes,
  } as const;
  return ['', '/:label'].flatMap((label): Route[] => [
    {
      ...get,
      path: `${PATH}${label}/cacerts`,
      summary: 'EST: certificates of the CAs',
      handle: ({ params }) => certificatesAnswer(options.enrolment.caCertificates(params.label)),
    },
    {
      ...get,
      path: `${PATH}${label}/csrattrs`,
      summary: 'EST: what a request should hold',
      handle: async ({ params }) => {
        const attributes = await attributesOf(options, params.label);
        // RFC 7030 §4.5.2: 204 where nothing in particular is wanted.
        return attributes ? attributesAnswer(attributes) : { status: 204, body: null };
      },
    },
    {
      ...post,
      path: `${PATH}${label}/simpleenroll`,
      summary: 'EST: enrol',
      handle: (request) => challenged(request, () => enrol(request, options, 'enrol')),
    },
    {
      ...post,
      path: `${PATH}${label}/simplereenroll`,
      summary: 'EST: renew the certificate of the connection',
      handle: (request) => challenged(request, () => enrol(request, options, 'renew')),
    },
  ]);
}

async function attributesOf(
  { attributes, enrolment }: EstRoutesOptions,
  label: string | undefined,
): Promise<Bytes | undefined> {
  if (attributes) return attributes(label);
  const password = await enrolment.challengePassword?.();
  return password === undefined ? undefined : attributesWithPassword(password);
}

async function enrol(
  httpRequest: HttpRequest,
  options: EstRoutesOptions,
  kind: 'enrol' | 'renew',
): Promise<HttpResponse> {
  const { enrolment, clock } = options;
  // RFC 7030 §3.3: passwords and requests go through TLS only.
  if (httpRequest.url.protocol !== 'https:') throw fail('est_insecure');
  const requester = await identifyRequester(httpRequest, unixSeconds(clock), options);
  const { wanted, der: message } = readRequestBody(httpRequest.body);
  if (kind === 'renew') assertSameSubject(wanted, requester);
  const { label } = httpRequest.params;
  const request = { protocol: 'est', kind, wanted, requester, label, message } as const;
  const issued = await enrolment.issue(request, await enrolment.authorise(request));
  try {
    await enrolment.publish(issued, undefined);
  } catch (error) {
    await enrolment.discard(issued);
    throw error;
  }
  return certificatesAnswer([issued.certificate]);
}

/**
 * RFC 7030 §4.2.2: subject and alternative names are those of the certificate that is renewed; compared as names, since
 * clients write them in string types of their own (RFC 5280 §7.1).
 */
function assertSameSubject({ subject, extensions }: KeyRequest, requester: Requester): void {
  if (requester.kind !== 'operator') throw fail('est_not_renewable');
  const { certificate } = requester;
  const own = certificate.extensions.all.find(({ oid }) => oid === EXTENSION.san)?.value;
  const asked = extensions.find(({ oid }) => oid === EXTENSION.san)?.value;
  const isSame = asked === undefined || (own !== undefined && equalBytes(asked, own));
  const name = nameKey(readName(readDer(subject, TAG.sequence)));
  if (name !== nameKey(certificate.subjectName) || !isSame) throw fail('est_other_subject');
}

/** RFC 7030 §3.2.3: whoever is not known is asked for name and password. */
async function challenged(request: HttpRequest, work: () => Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    return await work();
  } catch (error) {
    if (!isAppError(error) || error.status !== 401) throw error;
    const response = errorResponse({ errors: 'problem' }, error, request);
    return { ...response, headers: { ...response.headers, 'www-authenticate': 'Basic realm="est"' } };
  }
}
