import { createMemoryStore, type LogFields, type Logger, type Store, systemRandom } from '@attestel/core';
import {
  createVerifier,
  type PresentationRequest,
  type RequestInput,
  type Verifier,
} from '@attestel/openid/verifier';
import { type Consortium, createConsortium, type Party } from './consortium.ts';
import { serve, type TestServer } from './serve.ts';

export interface Fixture {
  readonly server: TestServer;
  readonly consortium: Consortium;
  readonly operator: Party;
  readonly platform: Party;
  readonly store: Store;
  readonly logs: string[];
  readonly verifier: Verifier;
  ask(input?: Partial<RequestInput>): Promise<PresentationRequest>;
  link(request: PresentationRequest): string;
  /** A new verifier over the same store and keys, as after a restart. */
  restart(): void;
  close(): Promise<void>;
}

export async function createFixture(): Promise<Fixture> {
  const server = await serve();
  const consortium = await createConsortium();
  const operator = await consortium.addParty('Alpha', 'operator');
  const platform = await consortium.addParty('Platform', 'platform');
  const store = createMemoryStore();
  const logs: string[] = [];
  const write = (event: string, fields?: LogFields): void =>
    void logs.push(JSON.stringify({ event, ...fields }));
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const start = (): Verifier => {
    const verifier = createVerifier({
      clientId: `decentralized_identifier:${platform.did}`,
      kid: platform.kid,
      signer: platform.signer,
      baseUrl: server.origin,
      keyStore: platform.keyStore,
      store,
      issuerKeys: consortium.issuerKeys,
      resolver: consortium.resolver,
      status: consortium.status,
      registry: consortium.registry,
      clock: consortium.clock,
      random: systemRandom,
      logger,
    });
    server.mount(verifier.routes);
    return verifier;
  };
  let verifier = start();
  return {
    server,
    consortium,
    operator,
    platform,
    store,
    logs,
    get verifier() {
      return verifier;
    },
    ask: (input = {}) =>
      verifier.createRequest({
        mode: 'same-device',
        claims: ['phone_number', 'phone_number_verified'],
        appClientId: 'shop',
        browserSecret: 'browser',
        returnUrl: 'https://bridge.example/interaction/1/return',
        ...input,
      }),
    link: ({ clientId, requestUri }) =>
      `https://wallet.example/present?${new URLSearchParams({ client_id: clientId, request_uri: requestUri })}`,
    restart() {
      verifier = start();
    },
    close: () => server.close(),
  };
}

export const codeIn = (body: Record<string, string>): string =>
  new URL(body.redirect_uri ?? 'x:').searchParams.get('response_code') ?? '';
