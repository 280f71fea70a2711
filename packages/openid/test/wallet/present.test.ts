import { describe, expect, it } from 'vitest';
import { BRIDGE_ORIGIN, codeOf, withCard } from './fakes/setup.ts';
import { openPresentation } from './fakes/verifier.ts';
import { jsonResponse, named } from './fakes/world.ts';

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

  it.each([
    ['same-device', 'same-device'],
    ['cross-device', 'cross-device'],
    [null, 'cross-device'],
  ])('says where it signs in, and takes silence for another screen: %s', async (mode, read) => {
    const { wallet, verifier } = await withCard();
    const preview = await wallet.previewRequest(verifier.request({ mode }).link);
    expect(preview.mode).toBe(read);
    expect(await wallet.pending()).toMatchObject([{ id: preview.id, mode: read }]);
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
