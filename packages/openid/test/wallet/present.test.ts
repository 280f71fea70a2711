import { describe, expect, it } from 'vitest';
import { VCT } from './fakes/issuer.ts';
import { BRIDGE_ORIGIN, codeOf, setup, subscriber } from './fakes/setup.ts';
import { openPresentation } from './fakes/verifier.ts';
import { createParty, jsonResponse, named } from './fakes/world.ts';

async function withCard(options: Parameters<typeof setup>[0] = {}) {
  const world = setup(options);
  const line = subscriber();
  const card = await world.wallet.receive(world.issuer.offer(line));
  return { ...world, line, card };
}

describe('a presentation', () => {
  it('says who asks, who vouches for it, for what, and exactly what would leave', async () => {
    const { wallet, verifier, line, card } = await withCard();
    const preview = await wallet.previewRequest(
      verifier.request({ claims: ['subscription_handle', 'phone_number'] }).link,
    );
    expect(preview.asker).toMatchObject({
      bridge: { name: named('Bridge') },
      operatedBy: { name: named('Platform') },
      app: {
        clientId: 'shop',
        name: named('Shop'),
        purpose: named('Sign in'),
        vouchedBy: { name: named('Zhonglian') },
      },
      origin: BRIDGE_ORIGIN,
    });
    expect(preview.cards).toHaveLength(1);
    expect(preview.cards[0]).toMatchObject({ copyReused: false, card: { id: card.id } });
    expect(preview.cards[0]?.disclosed).toEqual([
      { name: 'subscription_handle', value: line.subscription_handle },
      { name: 'phone_number', value: line.phone_number },
    ]);
  });

  it('discloses what was asked and nothing else, key-bound and encrypted to the request', async () => {
    const { wallet, verifier, operator, line, network } = await withCard();
    const { link, flow } = verifier.request({ claims: ['subscription_handle'] });
    const result = await wallet.approve((await wallet.previewRequest(link)).id);
    expect(result.redirectUri).toMatch(/^https:\/\/bridge\.example\/done\?response_code=/);
    const token = flow.result as { vp_token: { phone: [string] }; state: string };
    expect(token.state).toBe(flow.id);
    expect(token.vp_token.phone).toHaveLength(1);
    const opened = openPresentation(token.vp_token.phone[0], operator, {
      audience: verifier.clientId,
      nonce: flow.nonce,
    });
    expect(opened.claims).toEqual({ subscription_handle: line.subscription_handle });
    expect(JSON.stringify(network.log)).not.toContain(line.phone_number.slice(3));
  });

  it('fetches the request object by POST with a wallet nonce [OID4VP-5.10]', async () => {
    const { wallet, verifier, network } = await withCard();
    const { link } = verifier.request({ post: true });
    await wallet.approve((await wallet.previewRequest(link)).id);
    const fetched = network.log.find((entry) => entry.url.includes('/request/'));
    expect(fetched?.method).toBe('POST');
    expect(new URLSearchParams(fetched?.body).get('wallet_nonce')).toMatch(/^[\w-]{43}$/);
  });

  it('shows each copy once and starts again with notice when none is fresh', async () => {
    const { wallet, verifier, operator, card } = await withCard({ batchSize: 3 });
    const keys: string[] = [];
    const reused: (boolean | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      const { link, flow } = verifier.request();
      const preview = await wallet.previewRequest(link);
      reused.push(preview.cards[0]?.copyReused);
      await wallet.approve(preview.id);
      const { phone } = (flow.result as { vp_token: { phone: [string] } }).vp_token;
      keys.push(
        openPresentation(phone[0], operator, { audience: verifier.clientId, nonce: flow.nonce }).cnf.x,
      );
    }
    expect(new Set(keys.slice(0, 3)).size).toBe(3);
    expect(reused).toEqual([false, false, false, true]);
    expect(await wallet.card(card.id)).toMatchObject({ copiesLeft: 0, state: 'reusing', renew: true });
  });

  it('never gives one fresh copy to two answers at once', async () => {
    const { wallet, verifier, operator } = await withCard();
    const requests = [verifier.request(), verifier.request(), verifier.request()];
    const previews = await Promise.all(requests.map(({ link }) => wallet.previewRequest(link)));
    await Promise.all(previews.map(({ id }) => wallet.approve(id)));
    const keys = requests.map(({ flow }) => {
      const { phone } = (flow.result as { vp_token: { phone: [string] } }).vp_token;
      return openPresentation(phone[0], operator, { audience: verifier.clientId, nonce: flow.nonce }).cnf.x;
    });
    expect(new Set(keys).size).toBe(3);
  });

  it('counts a copy as used before it leaves, even if the answer is not delivered', async () => {
    const { wallet, verifier, card } = await withCard();
    verifier.faults.answer = () => jsonResponse({}, 503);
    const { link } = verifier.request();
    const { id } = await wallet.previewRequest(link);
    expect(await codeOf(wallet.approve(id))).toBe('response_undelivered');
    expect((await wallet.card(card.id)).copiesLeft).toBe(3);
    delete verifier.faults.answer;
    expect((await wallet.approve(id)).redirectUri).not.toBeNull();
  });

  it('is written down, with names of claims and no values', async () => {
    const { wallet, verifier, line, store } = await withCard();
    await wallet.approve((await wallet.previewRequest(verifier.request().link)).id);
    const [entry] = await wallet.history();
    expect(entry).toMatchObject({
      kind: 'presented',
      claims: ['subscription_handle'],
      asker: { app: { clientId: 'shop' } },
    });
    const written = [...store.range('wallet/history')]
      .map(([, value]) => Buffer.from(value).toString())
      .join();
    expect(written).not.toContain(line.phone_number);
    expect(written).not.toContain(line.subscription_handle);
  });

  it('that is refused posts access_denied and discloses nothing [OID4VP-8.5]', async () => {
    const { wallet, verifier, card } = await withCard();
    const { link, flow } = verifier.request();
    const { id } = await wallet.previewRequest(link);
    const result = await wallet.refuse(id);
    expect(flow.result).toEqual({ error: 'access_denied', state: flow.id });
    expect(result.redirectUri).toContain(BRIDGE_ORIGIN);
    expect((await wallet.card(card.id)).copiesLeft).toBe(4);
    expect((await wallet.history())[0]?.kind).toBe('refused');
    expect(await codeOf(wallet.approve(id))).toBe('request_unknown');
  });

  it('that the verifier rejects is written down as rejected', async () => {
    const { wallet, verifier } = await withCard();
    verifier.faults.answer = () => jsonResponse({ error: 'invalid_request' }, 400);
    const { id } = await wallet.previewRequest(verifier.request().link);
    expect(await codeOf(wallet.approve(id))).toBe('response_refused');
    expect((await wallet.history())[0]?.kind).toBe('rejected');
  });

  it.each([
    ['another origin', 'https://evil.example/done'],
    ['a script', 'javascript:alert(1)'],
    ['nonsense', 'not a url'],
  ])('does not send the person to %s', async (_name, target) => {
    const { wallet, verifier } = await withCard();
    verifier.faults.answer = () => jsonResponse({ redirect_uri: target });
    const { id } = await wallet.previewRequest(verifier.request().link);
    expect(await wallet.approve(id)).toEqual({ redirectUri: null });
  });

  it('of a request from another device ends without a redirect', async () => {
    const { wallet, verifier } = await withCard();
    verifier.faults.answer = () => jsonResponse({});
    const { id } = await wallet.previewRequest(verifier.request().link);
    expect(await wallet.approve(id)).toEqual({ redirectUri: null });
  });
});

describe('a request that waits', () => {
  it('survives getting a card in between, in another wallet on the same store', async () => {
    const { wallet, verifier, issuer, open, clock } = setup();
    const { link, flow } = verifier.request();
    const preview = await wallet.previewRequest(link);
    expect(preview.cards).toEqual([]);
    expect(preview.asked).toEqual(['subscription_handle']);
    expect(await codeOf(wallet.approve(preview.id))).toBe('no_matching_card');
    clock.advance(120);
    const later = open();
    await later.receive(issuer.offer(subscriber()));
    const [pending] = await later.pending();
    expect(pending?.link).toBe(link);
    expect(pending?.asker.app?.name.en).toBe('Shop');
    const again = await later.previewRequest(pending?.link ?? '');
    expect(again.id).toBe(preview.id);
    await later.approve(again.id);
    expect(flow.result).toHaveProperty('vp_token');
    expect(await later.pending()).toEqual([]);
  });

  it('is fetched again when its object has expired while the person was reading', async () => {
    const { wallet, verifier, clock, network } = await withCard();
    const { link } = verifier.request();
    const { id } = await wallet.previewRequest(link);
    clock.advance(45);
    await wallet.approve(id);
    expect(network.log.filter((entry) => entry.url.includes('/request/'))).toHaveLength(2);
  });

  it('carries the same wallet nonce at every fetch, also after a failure and a restart', async () => {
    const { wallet, verifier, resolver, open, network } = await withCard();
    const { link } = verifier.request({ post: true });
    resolver.down = true;
    expect(await codeOf(wallet.previewRequest(link))).toBe('resolver_unavailable');
    expect(await wallet.pending()).toEqual([]);
    resolver.down = false;
    const later = open();
    await later.previewRequest(link);
    const fetches = network.log.filter((entry) => entry.url.includes('/request/'));
    expect(new Set(fetches.map((entry) => entry.body)).size).toBe(1);
    expect(fetches).toHaveLength(2);
  });

  it('belongs to the wallet that opened it first', async () => {
    const { wallet, verifier } = await withCard();
    const other = setup();
    const { link } = verifier.request({ post: true });
    await wallet.previewRequest(link);
    other.network.serve(BRIDGE_ORIGIN, verifier.handler);
    expect(await codeOf(other.wallet.previewRequest(link))).toBe('request_taken');
  });

  it('is swept when nobody waits for it any more', async () => {
    const { wallet, verifier, clock, store } = await withCard();
    await wallet.previewRequest(verifier.request().link);
    clock.advance(15 * 60 + 1);
    await wallet.sweep();
    expect([...store.range('wallet/requests')]).toEqual([]);
  });

  it('is not answered when it asks for more than was shown', async () => {
    const { wallet, verifier, clock } = await withCard();
    const { link, flow } = verifier.request();
    const { id } = await wallet.previewRequest(link);
    clock.advance(45);
    const [query] = flow.query.credentials as { claims: object[] }[];
    query?.claims.push({ path: ['phone_number'] });
    expect(await codeOf(wallet.approve(id))).toBe('request_changed');
    expect(flow.result).toBeNull();
  });

  it('is forgotten after a quarter of an hour, or when told to', async () => {
    const { wallet, verifier, clock } = setup();
    await wallet.previewRequest(verifier.request().link);
    const { id } = await wallet.previewRequest(verifier.request().link);
    await wallet.forget(id);
    expect(await wallet.pending()).toHaveLength(1);
    clock.advance(15 * 60 + 1);
    expect(await wallet.pending()).toEqual([]);
  });
});

describe('a request that is refused', () => {
  type World = Awaited<ReturnType<typeof withCard>>;
  const payload = (change: Record<string, unknown>) => (world: World) => {
    world.verifier.faults.payload = (target) => Object.assign(target, change);
  };
  const cases: [string, string, (world: World) => void][] = [
    ['has expired', 'request_expired', payload({ iat: 1_000_000, exp: 1_000_060 })],
    ['has neither iat nor exp', 'request_expired', payload({ iat: undefined, exp: undefined })],
    ['comes from the future', 'request_malformed', payload({ iat: 9_000_000_000, exp: 9_000_000_060 })],
    ['is addressed to somebody else', 'request_wrong_audience', payload({ aud: 'https://other.example' })],
    [
      'is addressed to several',
      'request_wrong_audience',
      payload({ aud: ['https://self-issued.me/v2', 'x'] }),
    ],
    ['wants a plain answer', 'request_response_mode', payload({ response_mode: 'direct_post' })],
    ['wants the answer in the address bar', 'request_response_mode', payload({ response_mode: 'fragment' })],
    ['has no nonce', 'request_nonce_missing', payload({ nonce: undefined })],
    ['has a short nonce', 'request_nonce_missing', payload({ nonce: 'abc' })],
    [
      'has another client_id inside',
      'request_client_mismatch',
      payload({ client_id: 'decentralized_identifier:did:mno:zOther' }),
    ],
    [
      'has a redirect_uri beside response_uri',
      'request_malformed',
      payload({ redirect_uri: 'https://bridge.example/r' }),
    ],
    ['has no response_uri', 'request_malformed', payload({ response_uri: undefined })],
    ['wants the answer over plain http', 'url_refused', payload({ response_uri: 'http://bridge.example/r' })],
    ['has transaction data', 'request_transaction_data', payload({ transaction_data: ['e30'] })],
    ['has a scope beside the query', 'request_malformed', payload({ scope: 'x' })],
    ['has no query', 'request_malformed', payload({ dcql_query: undefined })],
    ['has no encryption key', 'request_malformed', payload({ client_metadata: {} })],
    [
      'has only an unusable encryption key',
      'request_encryption_key',
      payload({ client_metadata: { jwks: { keys: [{ kty: 'RSA', alg: 'RSA-OAEP' }] } } }),
    ],
    [
      'names two apps',
      'request_malformed',
      payload({
        verifier_info: [
          { format: 'attestel_app', data: 'shop' },
          { format: 'attestel_app', data: 'forum' },
        ],
      }),
    ],
    [
      'is unsigned',
      'request_unsigned',
      ({ verifier }) => {
        verifier.faults.header = (header) => Object.assign(header, { alg: 'none' });
      },
    ],
    [
      'is signed with a MAC',
      'request_unsigned',
      ({ verifier }) => {
        verifier.faults.header = (header) => Object.assign(header, { alg: 'HS256' });
      },
    ],
    [
      'is no JWS',
      'request_unsigned',
      ({ verifier }) => {
        verifier.faults.object = () => '{"client_id":"x"}';
      },
    ],
    [
      'has a critical extension',
      'request_unsigned',
      ({ verifier }) => {
        verifier.faults.header = (header) => Object.assign(header, { crit: ['b64'], b64: false });
      },
    ],
    [
      'has another typ',
      'request_malformed',
      ({ verifier }) => {
        verifier.faults.header = (header) => Object.assign(header, { typ: 'JWT' });
      },
    ],
    [
      'is signed by another key',
      'request_signature_invalid',
      ({ verifier, stranger }) => {
        verifier.faults.signWith = stranger.privateKey;
      },
    ],
    [
      'names a key of another DID',
      'request_signature_invalid',
      ({ verifier, stranger }) => {
        verifier.faults.signWith = stranger.privateKey;
        verifier.faults.header = (header) => Object.assign(header, { kid: stranger.kid });
      },
    ],
    [
      'is signed with a key for another purpose',
      'request_signature_invalid',
      ({ platform }) => {
        platform.document = {
          ...platform.document,
          assertionMethod: [],
          authentication: [],
          capabilityInvocation: [platform.kid],
        };
      },
    ],
    [
      'comes from a DID nobody knows',
      'request_signature_invalid',
      ({ parties }) => {
        parties.splice(1, 1);
      },
    ],
    [
      'comes while the resolver is down',
      'resolver_unavailable',
      ({ resolver }) => {
        resolver.down = true;
      },
    ],
    [
      'comes while the registry is down',
      'registry_unavailable',
      ({ registry }) => {
        registry.down = true;
      },
    ],
    [
      'asks for the handle without being a bridge',
      'handle_not_for_verifier',
      ({ registry }) => {
        registry.data.bridges.length = 0;
      },
    ],
    [
      'asks for the handle as a suspended bridge',
      'handle_not_for_verifier',
      ({ registry }) => {
        Object.assign(registry.data.bridges[0] ?? {}, { status: 'suspended' });
      },
    ],
    [
      'comes from a bridge whose member is suspended',
      'verifier_unknown',
      ({ registry, platform }) => {
        Object.assign(registry.data.members.find((one) => one.did === platform.did) ?? {}, {
          status: 'suspended',
        });
      },
    ],
    [
      'comes for an app nobody registered',
      'app_unknown',
      ({ registry }) => {
        registry.data.apps.length = 0;
      },
    ],
    [
      'comes for a suspended app',
      'app_unknown',
      ({ registry }) => {
        Object.assign(registry.data.apps[0] ?? {}, { status: 'suspended' });
      },
    ],
    ['comes through a bridge for no app', 'app_unknown', payload({ verifier_info: undefined })],
    [
      'comes for an app whose member left',
      'app_unknown',
      ({ registry, operator }) => {
        Object.assign(registry.data.members.find((one) => one.did === operator.did) ?? {}, {
          status: 'left',
        });
      },
    ],
  ];
  it.each(cases)('because it %s: %s', async (_name, code, spoil) => {
    const world = await withCard();
    spoil(world);
    const { link, flow } = world.verifier.request();
    expect(await codeOf(world.wallet.previewRequest(link))).toBe(code);
    expect(await world.wallet.pending()).toEqual([]);
    expect(flow.result).toBeNull();
  });

  it('because the app is not registered for the number it asks', async () => {
    const { wallet, verifier, registry } = await withCard();
    Object.assign(registry.data.apps[0] ?? {}, { claims: [] });
    const { link } = verifier.request({ claims: ['subscription_handle', 'phone_number'] });
    expect(await codeOf(wallet.previewRequest(link))).toBe('app_claim_unregistered');
  });

  it('because the wallet nonce is not repeated [OID4VP-5.10.1]', async () => {
    const { wallet, verifier } = await withCard();
    verifier.faults.payload = (target) => Object.assign(target, { wallet_nonce: 'another' });
    expect(await codeOf(wallet.previewRequest(verifier.request({ post: true }).link))).toBe(
      'request_wallet_nonce',
    );
  });

  it('because it was answered or never existed', async () => {
    const { wallet, verifier } = await withCard();
    const { link, flow } = verifier.request();
    verifier.flows.delete(flow.id);
    expect(await codeOf(wallet.previewRequest(link))).toBe('request_gone');
  });

  it.each([
    [
      'a prefix other than a DID',
      '?client_id=x509_hash%3Aabc&request_uri=https%3A%2F%2Fb.example',
      'request_client_prefix',
    ],
    ['no prefix', '?client_id=shop&request_uri=https%3A%2F%2Fb.example', 'request_client_prefix'],
    [
      'parameters in the open',
      '?client_id=decentralized_identifier%3Adid%3Amno%3AzQ&response_type=vp_token&nonce=x',
      'request_unsigned',
    ],
    [
      'another method',
      '?client_id=decentralized_identifier%3Adid%3Amno%3AzQ&request_uri=https%3A%2F%2Fb.example&request_uri_method=put',
      'request_uri_method',
    ],
    [
      'a repeated parameter',
      '?client_id=decentralized_identifier%3Adid%3Amno%3AzQ&client_id=b&request_uri=https%3A%2F%2Fb.example',
      'link_malformed',
    ],
    [
      'a plain http address',
      '?client_id=decentralized_identifier%3Adid%3Amno%3AzQ&request_uri=http%3A%2F%2Fb.example',
      'url_refused',
    ],
    [
      'an unreachable address',
      '?client_id=decentralized_identifier%3Adid%3Amno%3AzQ&request_uri=https%3A%2F%2Fnowhere.example',
      'request_unavailable',
    ],
  ])('because the link has %s', async (_name, query, code) => {
    expect(await codeOf(setup().wallet.previewRequest(`http://localhost:4120/present${query}`))).toBe(code);
  });
});

describe('a member that asks by itself', () => {
  it('is answered without an app, but never with the handle', async () => {
    const { wallet, verifier, registry } = await withCard();
    registry.data.bridges.length = 0;
    const { link } = verifier.request({ claims: ['mobile_operator'], app: null });
    const preview = await wallet.previewRequest(link);
    expect(preview.asker).toMatchObject({ bridge: null, app: null, operatedBy: { name: named('Platform') } });
    expect(
      await codeOf(wallet.previewRequest(verifier.request({ claims: ['porting_records'], app: null }).link)),
    ).toBe('handle_not_for_verifier');
  });

  it('is not answered when it is no member', async () => {
    const world = await withCard();
    const outsider = createParty('outsider');
    world.parties.push(outsider);
    world.registry.data.bridges.length = 0;
    world.registry.data.members.length = 0;
    expect(
      await codeOf(world.wallet.previewRequest(world.verifier.request({ claims: ['mobile_operator'] }).link)),
    ).toBe('verifier_unknown');
  });
});

describe('a query', () => {
  const query = (credential: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    credentials: [{ id: 'phone', format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, ...credential }],
    ...more,
  });

  it('without claims gets no disclosure at all [OID4VP-6.4.1]', async () => {
    const { wallet, verifier } = await withCard();
    const preview = await wallet.previewRequest(verifier.request({ query: query({}) }).link);
    expect(preview.cards[0]?.disclosed).toEqual([]);
  });

  it('with claim sets gets the first the card holds', async () => {
    const { wallet, verifier } = await withCard();
    const claims = [
      { id: 'a', path: ['age_over_18'] },
      { id: 'b', path: ['mobile_operator'] },
      { id: 'c', path: ['phone_number'] },
    ];
    const link = verifier.request({ query: query({ claims, claim_sets: [['a'], ['b'], ['c']] }) }).link;
    const preview = await wallet.previewRequest(link);
    expect(preview.cards[0]?.disclosed.map((claim) => claim.name)).toEqual(['mobile_operator']);
  });

  it('lets the person keep claims back where the verifier takes less', async () => {
    const { wallet, verifier, operator } = await withCard();
    const claims = ['subscription_handle', 'porting_records', 'phone_number', 'mobile_operator'].map(
      (name) => ({ id: name, path: [name] }),
    );
    const claim_sets = [
      ['subscription_handle', 'porting_records', 'phone_number', 'mobile_operator'],
      ['subscription_handle', 'phone_number', 'mobile_operator'],
      ['subscription_handle', 'mobile_operator'],
      ['subscription_handle'],
    ];
    const { link, flow } = verifier.request({ query: query({ claims, claim_sets }) });
    const preview = await wallet.previewRequest(link);
    expect(preview.cards[0]?.choices).toEqual(claim_sets.slice(1));
    await wallet.approve(preview.id, { choice: 1 });
    const { phone } = (flow.result as { vp_token: { phone: [string] } }).vp_token;
    const opened = openPresentation(phone[0], operator, { audience: verifier.clientId, nonce: flow.nonce });
    expect(Object.keys(opened.claims)).toEqual(['subscription_handle', 'mobile_operator']);
    expect((await wallet.history())[0]?.claims).toEqual(['subscription_handle', 'mobile_operator']);
  });

  it('is answered by the required credential set only', async () => {
    const { wallet, verifier } = await withCard();
    const asked = {
      credentials: [
        { id: 'bank', format: 'dc+sd-jwt', meta: { vct_values: ['https://bank.example/1'] } },
        {
          id: 'phone',
          format: 'dc+sd-jwt',
          meta: { vct_values: [VCT] },
          claims: [{ path: ['mobile_operator'] }],
        },
        {
          id: 'extra',
          format: 'dc+sd-jwt',
          meta: { vct_values: [VCT] },
          claims: [{ path: ['phone_number'] }],
        },
      ],
      credential_sets: [{ options: [['bank'], ['phone']] }, { options: [['extra']], required: false }],
    };
    const { link, flow } = verifier.request({ query: asked });
    await wallet.approve((await wallet.previewRequest(link)).id);
    expect(Object.keys((flow.result as { vp_token: object }).vp_token)).toEqual(['phone']);
  });

  it('for another type, or for a claim the card lacks, matches no card', async () => {
    const { wallet, verifier } = await withCard();
    const other = query({ meta: { vct_values: ['https://other.example/1'] } });
    expect((await wallet.previewRequest(verifier.request({ query: other }).link)).cards).toEqual([]);
    expect((await wallet.previewRequest(verifier.request({ claims: ['age_over_18'] }).link)).cards).toEqual(
      [],
    );
  });

  it.each([
    [
      'another format',
      { credentials: [{ id: 'x', format: 'mso_mdoc', meta: { doctype_value: 'a' } }] },
      'request_query_unsupported',
    ],
    ['a nested path', query({ claims: [{ path: ['address', 'locality'] }] }), 'request_query_unsupported'],
    [
      'two queries of one id',
      { credentials: [...query({}).credentials, ...query({}).credentials] },
      'request_malformed',
    ],
    ['no credentials', { credentials: [] }, 'request_malformed'],
  ])('with %s is refused', async (_name, asked, code) => {
    const { wallet, verifier } = await withCard();
    expect(await codeOf(wallet.previewRequest(verifier.request({ query: asked }).link))).toBe(code);
  });

  it('does not match an expired card', async () => {
    const { wallet, verifier, clock, card } = await withCard();
    clock.advance(15 * 86_400);
    expect((await wallet.previewRequest(verifier.request().link)).cards).toEqual([]);
    expect((await wallet.card(card.id)).state).toBe('expired');
  });

  it('is answered from the card the person chose', async () => {
    const { wallet, verifier, issuer, operator, clock } = await withCard();
    clock.advance(1);
    const second = subscriber();
    await wallet.receive(issuer.offer(second));
    const { link, flow } = verifier.request();
    const preview = await wallet.previewRequest(link);
    expect(preview.cards).toHaveLength(2);
    const older = preview.cards[1];
    await wallet.approve(preview.id, { cardId: older?.card.id ?? '' });
    const { phone } = (flow.result as { vp_token: { phone: [string] } }).vp_token;
    const opened = openPresentation(phone[0], operator, { audience: verifier.clientId, nonce: flow.nonce });
    expect(opened.claims.subscription_handle).toBe(older?.disclosed[0]?.value);
  });
});
