import { type HttpRequest, type HttpResponse, json, type Route } from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { fail } from '../../errors.ts';
import { type FieldPorts, packFor, takenVisits } from './field-pack.ts';
import { appointmentSchema, beginSchema, completeSchema, readStrict } from './pairing.schema.ts';
import type { Pairing } from './pairing.ts';
import type { Inspector } from './pairing-records.ts';

export interface InspectionEndpoints extends FieldPorts {
  readonly pairing: Pairing;
  readonly authenticate: PartyAuthenticator;
  /** Of the node: pairing links lead there. */
  readonly origin: string;
}

const BASE = '/v1/inspection';
const OBJECT_ID = /^[0-9a-f]{32}$/;
const answered = (value: unknown, status = 200): HttpResponse =>
  json(value, status, { 'cache-control': 'no-store' });

/** Pairing of phones, and what a paired phone reads. Visits themselves go through the contract call. */
export function inspectionEndpoints(options: InspectionEndpoints): readonly Route[] {
  const { pairing } = options;
  return [
    post('/invites', 'Invites an inspector’s phone; the member itself alone', (request) =>
      invite(options, request),
    ),
    post('/pairings', 'Takes an invitation: draft of the phone’s DID', async (request) =>
      answered(await pairing.begin(readStrict(request, beginSchema))),
    ),
    post('/pairings/complete', 'Appoints the phone that signed the draft', async (request) => {
      const inspector = await pairing.complete(readStrict(request, completeSchema));
      return answered(shown(inspector), 201);
    }),
    get('/pack', 'Forms, devices and keys of tags for the caller’s phone', options, async (inspector) =>
      answered({ inspector: shown(inspector), pack: await packFor(options, inspector) }),
    ),
    get('/records/:id', 'What the node has of a record of the caller’s', options, async (_, { params }) => {
      const { id = '' } = params;
      if (!OBJECT_ID.test(id)) throw fail('inspector_unknown');
      return answered(await takenVisits(options, (did) => pairing.find(did) !== undefined, id));
    }),
  ];
}

function post(path: string, summary: string, handle: Route['handle']): Route {
  const accepts = ['application/json'];
  return { method: 'POST', path: BASE + path, summary, errors: 'problem', accepts, handle };
}

const get = (
  path: string,
  summary: string,
  { authenticate, pairing }: InspectionEndpoints,
  answer: (inspector: Inspector, request: HttpRequest) => Promise<HttpResponse>,
): Route => ({
  ...{ method: 'GET', path: BASE + path, summary, errors: 'problem' },
  handle: requireParty(authenticate, 'problem', (request, { did }) => {
    const inspector = pairing.find(did);
    if (!inspector) throw fail('inspector_unknown');
    return answer(inspector, request);
  }),
});

async function invite(
  { authenticate, pairing, member, origin }: InspectionEndpoints,
  request: HttpRequest,
): Promise<HttpResponse> {
  const handle = requireParty(authenticate, 'problem', async (asked, { did }) => {
    if (did !== member) throw fail('inspector_unknown');
    const { code, expires } = await pairing.invite(readStrict(asked, appointmentSchema));
    return answered({ link: pairingLink(origin, code), expires }, 201);
  });
  return handle(request);
}

/** The code stands behind `#`: no server and no log sees it. */
export const pairingLink = (origin: string, code: string): string => `${origin}/inspect#pair=${code}`;

/** What the phone is told of its appointment. */
const shown = ({ did, name, province, city, until, shift }: Inspector) => ({
  ...{ did, name, province, city, until, shift },
});
