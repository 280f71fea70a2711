import { describe, expect, it } from 'vitest';
import { VCT } from './fakes/issuer.ts';
import { codeOf, subscriber, withCard } from './fakes/setup.ts';
import { openPresentation } from './fakes/verifier.ts';

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
