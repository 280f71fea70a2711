import { type HttpRequest, type HttpResponse, isJsonObject, json, type Route } from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import type { ContractHost } from '../host/create-contract-host.ts';
import { MAX_EVIDENCE_BYTES } from '../host/evidence/object-evidence.ts';
import { CONTRACTS_PATH } from './contract.endpoint.ts';
import { type AccessOptions, assertOwnChannel } from './contract-access.ts';
import { commandData, idInPath, onlyParameters, principalOf } from './contract-request.ts';

export interface EvidenceRoutesOptions extends AccessOptions {
  readonly host: Pick<ContractHost, 'evidence' | 'prove' | 'audit'>;
  readonly authenticate: PartyAuthenticator;
}

const OBJECT = `${CONTRACTS_PATH}/:chaincodeID/:businessID/:id/evidence`;
const AUDIT = '/v1/audits/:chaincodeID/:businessID';
const answered = (value: unknown): HttpResponse => json(value, 200, { 'cache-control': 'no-store' });

/** What proves an object to whoever has the ledger, and what is not borne out by it. */
export function evidenceRoutes(options: EvidenceRoutesOptions): readonly Route[] {
  const { host, authenticate } = options;
  const reading = (request: HttpRequest, did: string) => {
    const { chaincodeID: module = '', businessID: channel = '' } = request.params;
    const { as } = onlyParameters(request, ['as']);
    return { channel, module, reader: { actor: did, party: principalOf(as) } };
  };
  return [
    {
      method: 'GET',
      path: OBJECT,
      summary: 'An object by its lines, with what opens the digest of each that the caller may read',
      errors: 'problem',
      handle: requireParty(authenticate, 'problem', async (request, { did }) => {
        const asked = { ...reading(request, did), id: idInPath(request, 'id') };
        await assertOwnChannel(options, asked.channel, did);
        return answered(await host.evidence(asked));
      }),
    },
    {
      method: 'GET',
      path: AUDIT,
      summary:
        'What this node keeps of a module and ledger or rules of then do not bear out, and what could not be checked',
      errors: 'problem',
      handle: requireParty(authenticate, 'problem', async (request, { did }) => {
        const asked = reading(request, did);
        await assertOwnChannel(options, asked.channel, did);
        return answered(await host.audit({ ...asked, signal: request.signal }));
      }),
    },
    {
      method: 'POST',
      path: '/v1/evidence',
      summary: 'Makes an object of such evidence by the ledger at this node; 422 where it is forged',
      errors: 'problem',
      accepts: ['application/json'],
      maxBodyBytes: MAX_EVIDENCE_BYTES,
      handle: requireParty(authenticate, 'problem', async (request, { did }) => {
        onlyParameters(request, []);
        const evidence = commandData(request);
        // Its lines are looked up: whether they are there is for who reads the channel.
        if (isJsonObject(evidence) && typeof evidence.channel === 'string')
          await assertOwnChannel(options, evidence.channel, did);
        return answered(await host.prove(evidence));
      }),
    },
  ];
}
