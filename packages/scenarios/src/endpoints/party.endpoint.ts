import { type HttpRequest, json, type Route } from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { fail } from '../errors.ts';
import type { ContractHost } from '../host/create-contract-host.ts';
import { onlyParameters } from './contract-request.ts';

export interface PartyRoutesOptions {
  readonly host: Pick<ContractHost, 'disputes' | 'accept' | 'outbox'>;
  /** DID of the node’s own party. */
  readonly party: string;
  readonly authenticate: PartyAuthenticator;
}

const LINE = /^[0-9a-f]{64}$/;

/** What only the node's own party is told: with which lines it does not agree, and whom its payloads have not reached. */
export function partyRoutes({ host, party, authenticate }: PartyRoutesOptions): readonly Route[] {
  const route = (
    method: Route['method'],
    path: string,
    summary: string,
    answer: (request: HttpRequest) => unknown,
  ): Route => ({
    ...{ method, path, summary: `${summary}. The party itself alone`, errors: 'problem' },
    handle: requireParty(authenticate, 'problem', async (request, { did }) => {
      onlyParameters(request, []);
      if (did !== party) throw fail('permission_denied');
      return json(await answer(request), 200, { 'cache-control': 'no-store' });
    }),
  });
  return [
    route('GET', '/v1/disputes', 'Lines that this party’s node does not agree with, and why', () => ({
      disputes: host.disputes(),
    })),
    route(
      'POST',
      '/v1/disputes/:line/accept',
      'Lets such a line stand: this party’s states follow it',
      async ({ params: { line = '' } }) => {
        if (!LINE.test(line)) throw fail('invalid_argument', { field: '/line' });
        await host.accept(line);
        return { line, status: 'accepted' };
      },
    ),
    route('GET', '/v1/deliveries', 'What has not reached other parties yet, and why', () => ({
      deliveries: host.outbox().map(({ to, kind, channel, line, attempts, lastError }) => ({
        to,
        kind,
        channel,
        line,
        attempts,
        lastError,
      })),
    })),
  ];
}
