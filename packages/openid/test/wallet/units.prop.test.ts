import { isAppError } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCardView, usableCopies } from '../../src/wallet/cards/card-view.ts';
import { chooseCopy } from '../../src/wallet/cards/choose-copy.ts';
import { createGuardedFetch, parseWebUrl } from '../../src/wallet/guarded-fetch.ts';
import { linkKind, maskNumber } from '../../src/wallet/index.ts';
import { parseQuery } from '../../src/wallet/presentation/match-cards.ts';
import { parseRequestLink } from '../../src/wallet/presentation/request-link.ts';
import type { StoredCopy } from '../../src/wallet/storage/wallet-storage.ts';
import { setup } from './fakes/setup.ts';
import { named } from './fakes/world.ts';

/** Runs hostile input: it may be refused, by an AppError and nothing else. */
async function refusedCleanly(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}

describe('masking', () => {
  it('hides at least four digits of every number and never shows more than eight', () => {
    const number = fc.tuple(fc.constantFrom('1', '44', '86', '999'), fc.stringMatching(/^\d{6,11}$/));
    fc.assert(
      fc.property(number, ([code, rest]) => {
        const digits = (code + rest).slice(0, 15);
        const masked = maskNumber(`+${digits}`) ?? '';
        const shown = masked.replace(/\D/g, '').length;
        expect(masked).toContain('****');
        expect(digits.length - shown).toBeGreaterThanOrEqual(Math.min(4, digits.length - 1));
        expect(shown).toBeLessThanOrEqual(9);
      }),
    );
  });

  it.each([undefined, 5, '', 'x', '13800001111', '+0123456', '+86138000011112222'])(
    'gives nothing for %j',
    (value) => {
      expect(maskNumber(value)).toBeNull();
    },
  );
});

describe('addresses', () => {
  it.each([
    'https://a.example/x',
    'http://localhost:4101',
    'http://127.0.0.1:1',
    'http://[::1]:1',
    'http://a.localhost',
  ])('are used when they are secure or on this machine: %s', (text) => {
    expect(parseWebUrl(text).href).toContain(text);
  });

  it.each([
    'http://a.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'ftp://a',
    'data:,x',
    '//a',
    'x',
  ])('are refused otherwise: %s', (text) => {
    expect(() => parseWebUrl(text)).toThrow(expect.objectContaining({ code: 'url_refused' }));
  });
});

describe('fetching', () => {
  it('sends no cookies and no referrer, and follows no redirect', async () => {
    const seen: RequestInit[] = [];
    const fetch = createGuardedFetch(async (_url, init) => {
      seen.push(init ?? {});
      return new Response('ok');
    });
    await fetch('https://a.example', { method: 'POST' });
    expect(seen[0]).toMatchObject({
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      method: 'POST',
    });
  });

  it('reads no more than a megabyte', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1 << 16));
      },
    });
    const fetch = createGuardedFetch(async () => new Response(endless));
    await expect(fetch('https://a.example')).rejects.toMatchObject({ code: 'unreachable' });
    expect(pulled).toBeLessThan(25);
  });
});

const copy = (id: string, uses: number, expiresAt: number, seenBy: string[] = []): StoredCopy => ({
  id,
  cardId: 'c',
  sdJwt: '',
  keyRef: '',
  uses,
  expiresAt,
  seenBy,
});

describe('choosing a copy', () => {
  const copies = fc.array(
    fc.record({ uses: fc.nat(3), expiresAt: fc.integer({ min: 50, max: 150 }), seen: fc.boolean() }),
    { maxLength: 12 },
  );

  it('never takes an expired one, and a used one only when none is fresh', () => {
    fc.assert(
      fc.property(copies, (list) => {
        const stored = list.map((one, i) => copy(String(i), one.uses, one.expiresAt, one.seen ? ['v'] : []));
        const chosen = chooseCopy(stored, 'v', 100);
        const usable = stored.filter((one) => one.expiresAt > 100);
        expect(chosen === undefined).toBe(usable.length === 0);
        if (chosen === undefined) return;
        expect(usable).toContain(chosen);
        if (chosen.uses > 0) expect(usable.every((one) => one.uses > 0)).toBe(true);
        if (chosen.uses > 0 && usable.some((one) => one.seenBy.includes('v')))
          expect(chosen.seenBy).toContain('v');
      }),
    );
  });

  it('does not depend on the order of the store', () => {
    fc.assert(
      fc.property(copies, (list) => {
        const stored = list.map((one, i) => copy(String(i), one.uses, one.expiresAt));
        expect(usableCopies([...stored].reverse(), 100)).toEqual(usableCopies(stored, 100));
      }),
    );
  });
});

describe('a card asks to be renewed', () => {
  const operator = { did: 'd', issuerUrl: 'u', name: named('A') };
  const card = { id: 'c', operator, vct: 'v', line: 'l', maskedNumber: null, addedAt: 0 };
  const far = 30 * 86_400;
  const state = (copies: StoredCopy[]) => {
    const { state, renew } = toCardView(card, copies, 0);
    return { state, renew };
  };

  it.each([
    ['not with enough fresh copies', [0, 0, 0, 0], far, { state: 'ready', renew: false }],
    ['with two left', [0, 0, 1, 1], far, { state: 'few-copies', renew: true }],
    ['with none left', [1, 1], far, { state: 'reusing', renew: true }],
    ['not for being the only copy there was', [0], far, { state: 'ready', renew: false }],
    ['before it expires', [0, 0, 0, 0], 86_400, { state: 'ready', renew: true }],
    ['when it has expired', [0, 0, 0, 0], 0, { state: 'expired', renew: true }],
  ])('%s', (_name, uses, expiresAt, expected) => {
    expect(state(uses.map((n, i) => copy(String(i), n, expiresAt)))).toEqual(expected);
  });
});

describe('hostile input is refused cleanly', () => {
  it('as a link', async () => {
    const parameter = fc.constantFrom(
      'client_id',
      'request_uri',
      'request_uri_method',
      'credential_offer',
      'credential_offer_uri',
    );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('decentralized_identifier:did:mno:zQ', 'https://zhonglian.example/x', '{"a":1}'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(parameter, value), { maxLength: 5 }),
        fc.string(),
        async (pairs, junk) => {
          const { wallet } = setup();
          const link = `https://w.example/?${pairs.map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&')}`;
          for (const text of [link, junk]) {
            linkKind(text);
            await refusedCleanly(() => parseRequestLink(text));
            await refusedCleanly(() => wallet.previewRequest(text));
            await refusedCleanly(() => wallet.previewOffer(text));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('as a query', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<unknown>), async (query) => {
        await refusedCleanly(() => parseQuery(query));
        await refusedCleanly(() => parseQuery({ credentials: [query] }));
        await refusedCleanly(() =>
          parseQuery({
            credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['x'] }, ...query }],
          }),
        );
      }),
    );
  });

  it('as a signed request object', async () => {
    const keys = fc.constantFrom(
      'aud',
      'exp',
      'nonce',
      'dcql_query',
      'client_metadata',
      'verifier_info',
      'response_uri',
      'state',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(keys, fc.jsonValue() as fc.Arbitrary<unknown>, { minKeys: 1 }),
        async (change) => {
          const { wallet, verifier } = setup();
          verifier.faults.payload = (payload) => Object.assign(payload, change);
          await refusedCleanly(() => wallet.previewRequest(verifier.request().link));
        },
      ),
      { numRuns: 60 },
    );
  });
});
