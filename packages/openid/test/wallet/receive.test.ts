import { describe, expect, it } from 'vitest';
import { createFakeIssuer, VCT } from './fakes/issuer.ts';
import { codeOf, ISSUER_ORIGIN, setup, subscriber } from './fakes/setup.ts';
import { createParty } from './fakes/world.ts';

describe('receiving a card', () => {
  it('shows the operator, the PIN rule and the number of copies before anything is accepted', async () => {
    const { wallet, issuer, vault } = setup();
    const preview = await wallet.previewOffer(issuer.offer(subscriber(), { pin: '4711' }));
    expect(preview.operator.name.en).toBe('Zhonglian');
    expect(preview.pin).toEqual({ inputMode: 'numeric', length: 4 });
    expect(preview.copies).toBe(4);
    expect(preview.claims).toEqual(['phone_number', 'mobile_operator']);
    expect(vault.refs.size).toBe(0);
  });

  it.each([{ byValue: true }, { byValue: false }])(
    'redeems an offer with DPoP nonces and one key per copy: %o',
    async (form) => {
      const { wallet, issuer, vault } = setup();
      const steps: string[] = [];
      const link = issuer.offer(subscriber(), { ...form, pin: '123456' });
      const card = await wallet.receive(link, { txCode: '123456', onStep: (step) => steps.push(step) });
      expect(card).toMatchObject({
        maskedNumber: '+86 138****1111',
        copiesLeft: 4,
        copiesTotal: 4,
        state: 'ready',
      });
      expect(new Set(issuer.seenKeys).size).toBe(4);
      expect(vault.refs.size, 'four copies, and the key this operator knows the wallet by').toBe(5);
      expect(steps).toEqual(['keys', 'authorise', 'issue', 'verify', 'store']);
    },
  );

  it('asks for no more copies than the issuer hands out, and takes fewer when it gives fewer', async () => {
    const { wallet, issuer, vault } = setup({ batchSize: 3, copies: 10 });
    issuer.faults.fewer = 1;
    const card = await wallet.receive(issuer.offer(subscriber()));
    expect(card.copiesTotal).toBe(2);
    expect(vault.refs.size).toBe(3);
  });

  it('matches credentials to keys whatever their order [OID4VCI-8.3]', async () => {
    const { wallet, issuer } = setup();
    issuer.faults.reverse = true;
    expect((await wallet.receive(issuer.offer(subscriber()))).copiesTotal).toBe(4);
  });

  it('fetches a fresh nonce once when the first is stale [OID4VCI-8.3.1.2]', async () => {
    const { wallet, issuer } = setup();
    issuer.faults.staleNonces = 2;
    expect((await wallet.receive(issuer.offer(subscriber()))).copiesTotal).toBe(4);
  });

  it('keeps the card durably: another wallet on the same store has it', async () => {
    const { wallet, issuer, open } = setup();
    const card = await wallet.receive(issuer.offer(subscriber()));
    expect((await open().cards()).map((one) => one.id)).toEqual([card.id]);
  });

  it('renews a line in place: same card, old copies and old keys gone', async () => {
    const { wallet, issuer, vault } = setup();
    const line = subscriber();
    const first = await wallet.receive(issuer.offer(line));
    const before = new Set([...vault.refs].filter((ref) => ref.startsWith('holder')));
    const second = await wallet.receive(issuer.offer({ ...line, phone_number: '+8613900002222' }));
    expect(second.id).toBe(first.id);
    expect(second.maskedNumber).toBe('+86 139****2222');
    expect(await wallet.cards()).toHaveLength(1);
    expect([...vault.refs].filter((ref) => before.has(ref))).toEqual([]);
    expect((await wallet.history()).map((entry) => entry.kind).sort()).toEqual(['added', 'renewed']);
  });

  it('keeps two lines apart', async () => {
    const { wallet, issuer } = setup();
    await wallet.receive(issuer.offer(subscriber()));
    await wallet.receive(issuer.offer({ ...subscriber(), phone_number: '+8613700003333' }));
    expect(await wallet.cards()).toHaveLength(2);
  });

  it('shows one operator the same DPoP key at every issuance, so that renewing is no move to new keys', async () => {
    const { wallet, issuer, open } = setup();
    await wallet.receive(issuer.offer(subscriber()));
    await open().receive(issuer.offer(subscriber()));
    expect(issuer.seenDpopKeys.size).toBe(1);
  });

  it('removes a card with its copies and keys', async () => {
    const { wallet, issuer, vault, store } = setup();
    const card = await wallet.receive(issuer.offer(subscriber()));
    await wallet.remove(card.id);
    expect(await wallet.cards()).toEqual([]);
    expect(vault.refs.size, 'the operator still knows this wallet').toBe(1);
    expect([...store.range('wallet/copies')]).toEqual([]);
    expect(await codeOf(wallet.card(card.id))).toBe('card_unknown');
  });
});

describe('an offer that is refused', () => {
  it('by an issuer the registry does not list', async () => {
    const { wallet, issuer, registry } = setup();
    registry.data.issuers.length = 0;
    expect(await codeOf(wallet.previewOffer(issuer.offer(subscriber())))).toBe('issuer_not_accredited');
  });

  it.each([
    ['suspended', { status: 'suspended' as const }],
    [
      'accredited for another type',
      { types: [{ vct: 'https://other.example/1', validity: { from: 0, until: null } }] },
    ],
    ['no longer accredited', { types: [{ vct: VCT, validity: { from: 0, until: 1 } }] }],
    ['not yet accredited', { types: [{ vct: VCT, validity: { from: 4e9, until: null } }] }],
  ])('by an issuer that is %s', async (_name, change) => {
    const { wallet, issuer, registry } = setup();
    Object.assign(registry.data.issuers[0] ?? {}, change);
    expect(await codeOf(wallet.receive(issuer.offer(subscriber())))).toBe('issuer_not_accredited');
  });

  it('by a server that is not accredited, whatever name it gives itself', async () => {
    const { wallet, network, clock } = setup();
    const impostor = createFakeIssuer(createParty('impostor'), 'https://evil.example', clock);
    network.serve('https://evil.example', impostor.handler);
    expect(await codeOf(wallet.previewOffer(impostor.offer(subscriber())))).toBe('issuer_not_accredited');
    impostor.metadata.credential_issuer = ISSUER_ORIGIN;
    expect(await codeOf(wallet.previewOffer(impostor.offer(subscriber())))).toBe('issuer_metadata_invalid');
  });

  it('when the registry cannot be asked', async () => {
    const { wallet, issuer, registry } = setup();
    registry.down = true;
    expect(await codeOf(wallet.previewOffer(issuer.offer(subscriber())))).toBe('registry_unavailable');
  });

  it.each([
    ['not a link', 'hello'],
    ['no offer in it', 'openid-credential-offer://?x=1'],
  ])('with %s', async (_name, link) => {
    expect(await codeOf(setup().wallet.previewOffer(link))).toBe('link_malformed');
  });

  it.each([
    [
      'both forms at once',
      '?credential_offer=%7B%7D&credential_offer_uri=https%3A%2F%2Fa.example',
      'offer_malformed',
    ],
    ['no JSON in it', '?credential_offer=%7B', 'offer_malformed'],
    ['no issuer in it', '?credential_offer=%7B%7D', 'offer_malformed'],
    ['a plain http address', '?credential_offer_uri=http%3A%2F%2Fa.example%2Fo', 'url_refused'],
    ['a file address', '?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd', 'url_refused'],
    ['a password in the address', '?credential_offer_uri=https%3A%2F%2Fu%3Ap%40a.example%2Fo', 'url_refused'],
    [
      'an unreachable address',
      '?credential_offer_uri=https%3A%2F%2Fnowhere.example%2Fo',
      'issuer_unavailable',
    ],
  ])('with %s', async (_name, query, code) => {
    expect(await codeOf(setup().wallet.previewOffer(`openid-credential-offer://${query}`))).toBe(code);
  });

  it('that was used before', async () => {
    const { wallet, issuer, open } = setup();
    const link = issuer.offer(subscriber());
    await wallet.receive(link);
    expect(await codeOf(open().previewOffer(link))).toBe('offer_gone');
  });

  it('without a PIN, with a malformed and with a wrong one, leaving no copy’s key behind', async () => {
    const { wallet, issuer, vault } = setup();
    const link = issuer.offer(subscriber(), { pin: '4711' });
    expect(await codeOf(wallet.receive(link))).toBe('pin_required');
    expect(await codeOf(wallet.receive(link, { txCode: '47a1' }))).toBe('pin_malformed');
    expect(await codeOf(wallet.receive(link, { txCode: '471' }))).toBe('pin_malformed');
    expect(await codeOf(wallet.receive(link, { txCode: '9999' }))).toBe('grant_refused');
    expect(vault.refs.size, 'the operator’s').toBe(1);
    expect((await wallet.receive(link, { txCode: '4711' })).copiesTotal).toBe(4);
  });

  it('by the issuer itself', async () => {
    const { wallet, issuer, vault } = setup();
    issuer.faults.refuse = 'credential_request_denied';
    expect(await codeOf(wallet.receive(issuer.offer(subscriber())))).toBe('credential_refused');
    expect(vault.refs.size, 'the operator’s').toBe(1);
  });
});

describe('a received credential that is not stored', () => {
  type Payload = Record<string, unknown>;
  const cases: [string, (s: ReturnType<typeof setup>) => void][] = [
    [
      'has a tampered disclosure',
      ({ issuer }) => {
        issuer.faults.credential = (sdJwt) =>
          sdJwt.replace(
            /~[^~]+~$/,
            `~${Buffer.from('["s","phone_number","+8613911112222"]').toString('base64url')}~`,
          );
      },
    ],
    [
      'is signed by another key',
      ({ issuer, stranger, operator }) => {
        const { document } = operator;
        operator.document = {
          ...document,
          verificationMethod: stranger.document.verificationMethod.map((m) => ({
            ...m,
            id: operator.kid,
            controller: operator.did,
          })),
        };
        void issuer;
      },
    ],
    [
      'names a key of another DID',
      ({ issuer, stranger }) => {
        issuer.faults.header = (header) => Object.assign(header, { kid: stranger.kid });
      },
    ],
    [
      'is signed with a key that is not for assertions',
      ({ operator }) => {
        operator.document = { ...operator.document, assertionMethod: [] };
      },
    ],
    [
      'has alg none',
      ({ issuer }) => {
        issuer.faults.header = (header) => Object.assign(header, { alg: 'none' });
      },
    ],
    [
      'has another typ',
      ({ issuer }) => {
        issuer.faults.header = (header) => Object.assign(header, { typ: 'JWT' });
      },
    ],
    [
      'is of another type',
      ({ issuer }) => {
        issuer.faults.payload = (payload: Payload) =>
          Object.assign(payload, { vct: 'https://other.example/1' });
      },
    ],
    [
      'is from another issuer',
      ({ issuer }) => {
        issuer.faults.payload = (payload: Payload) =>
          Object.assign(payload, { iss: 'https://huatong.example' });
      },
    ],
    [
      'is bound to a foreign key',
      ({ issuer, stranger }) => {
        issuer.faults.payload = (payload: Payload) => Object.assign(payload, { cnf: { jwk: stranger.jwk } });
      },
    ],
    [
      'carries more in cnf than the key',
      ({ issuer }) => {
        issuer.faults.payload = (payload: Payload) => {
          payload.cnf = { jwk: { ...(payload.cnf as { jwk: object }).jwk, kid: 'track-me' } };
        };
      },
    ],
    [
      'has expired',
      ({ issuer }) => {
        issuer.faults.payload = (payload: Payload) => Object.assign(payload, { exp: 1_000_000 });
      },
    ],
    [
      'is no SD-JWT',
      ({ issuer }) => {
        issuer.faults.credential = () => 'hello';
      },
    ],
  ];
  it.each(cases)('%s', async (_name, spoil) => {
    const world = setup();
    spoil(world);
    expect(await codeOf(world.wallet.receive(world.issuer.offer(subscriber())))).toBe('credential_invalid');
    expect(await world.wallet.cards()).toEqual([]);
    expect(world.vault.refs.size, 'the operator’s').toBe(1);
    expect([...world.store.range('wallet/issuances')]).toEqual([]);
  });

  it('is one of a batch that mixes two lines', async () => {
    const { wallet, issuer } = setup();
    let copies = 0;
    const line = subscriber();
    issuer.faults.payload = () => {
      copies += 1;
      if (copies === 1) line.subscription_handle = 'another-person';
    };
    expect(await codeOf(wallet.receive(issuer.offer(line)))).toBe('credential_invalid');
  });

  it('cannot be checked because the resolver is down', async () => {
    const { wallet, issuer, resolver } = setup();
    resolver.down = true;
    expect(await codeOf(wallet.receive(issuer.offer(subscriber())))).toBe('resolver_unavailable');
  });
});

describe('an interrupted issuance', () => {
  it('leaves only the names of its keys, and the sweep destroys them later', async () => {
    const world = setup();
    const { wallet, issuer, store, vault, clock, open } = world;
    const halted = new Promise<never>(() => undefined);
    const reached = new Promise<void>((resolve) => {
      world.network.serve(ISSUER_ORIGIN, async (request) => {
        if (request.url.pathname !== '/credential') return issuer.handler(request);
        resolve();
        return halted;
      });
    });
    void wallet.receive(issuer.offer(subscriber()));
    await reached;
    const restarted = open();
    await restarted.sweep();
    expect(vault.refs.size, 'it may still be running').toBe(5);
    clock.advance(3601);
    await restarted.sweep();
    expect(vault.refs.size, 'the operator’s').toBe(1);
    expect([...store.range('wallet/issuances')]).toEqual([]);
    expect(await restarted.cards()).toEqual([]);
  });
});
