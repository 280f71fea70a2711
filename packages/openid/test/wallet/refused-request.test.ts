import { describe, expect, it } from 'vitest';
import { codeOf, setup, withCard } from './fakes/setup.ts';
import { createParty, named } from './fakes/world.ts';

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
    ...[
      ['an unknown mode', [{ format: 'attestel_mode', data: 'same_device' }]],
      ['a mode that is no text', [{ format: 'attestel_mode', data: ['same-device'] }]],
      ['a mode without data', [{ format: 'attestel_mode' }]],
      [
        'two modes',
        [
          { format: 'attestel_mode', data: 'same-device' },
          { format: 'attestel_mode', data: 'cross-device' },
        ],
      ],
    ].map(([name, modes]): [string, string, (world: World) => void] => [
      `names ${name}`,
      'request_malformed',
      payload({ verifier_info: [{ format: 'attestel_app', data: 'shop' }, ...(modes as object[])] }),
    ]),
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

  it.each([
    ['phone_number', []],
    ['phone_number', ['phone_number_verified', 'country']],
    ['country', ['phone_number']],
    ['mcc', ['phone_number', 'country']],
    ['phone_number_verified', ['country']],
  ])('because the app is not registered for %s, only for %s', async (asked, claims) => {
    const { wallet, verifier, registry } = await withCard();
    Object.assign(registry.data.apps[0] ?? {}, { claims });
    const { link } = verifier.request({ claims: ['subscription_handle', asked] });
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

  it('is not answered in the name of an app that another member vouches for', async () => {
    const { wallet, verifier, registry, platform } = await withCard();
    registry.data.bridges.length = 0;
    const link = () => verifier.request({ claims: ['phone_number'], app: 'shop' }).link;
    expect(await codeOf(wallet.previewRequest(link()))).toBe('app_unknown');
    Object.assign(registry.data.apps[0] ?? {}, { member: platform.did });
    expect((await wallet.previewRequest(link())).asker.app).toMatchObject({ clientId: 'shop' });
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
