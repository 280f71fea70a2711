import { describe, expect, it } from 'vitest';
import { BRIDGE_ORIGIN, codeOf, setup, subscriber, withCard } from './fakes/setup.ts';

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

  it('is not answered when it turns into one for another screen', async () => {
    const { wallet, verifier, clock } = await withCard();
    const { link, flow } = verifier.request();
    const { id } = await wallet.previewRequest(link);
    clock.advance(45);
    Object.assign(flow, { mode: 'cross-device' });
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
