import { describe, expect, test } from 'vitest';
import {
  allCredentialTypes,
  CREDENTIAL_MODULE,
  credentialModule,
} from '../../../src/host/credentials/credential-module.ts';
import { digestOfModule } from '../../../src/module/declaration.ts';
import type { JsonObject, Module } from '../../../src/module/module.ts';
import { shape, text } from '../../../src/module/shapes.ts';
import { Play } from '../../harness/play.ts';

const credentials: Module['credentials'] = {
  Inspector: { schema: shape({ province: text(8) }), trust: { by: 'governor' } },
  Partner: { schema: shape({}), trust: { by: 'module', module: 'roaming.iot' } },
};
const [G, P, X] = ['did:mno:g', 'did:mno:p', 'did:mno:x'];
const module = credentialModule([{ credentials }]);
const play = () => new Play([module], { time: 1_800_000_000, roles: { 'did:mno:r': ['regulator'] } });
const issue = (data: object, as = G, by?: string) => ({
  module: CREDENTIAL_MODULE,
  command: 'issue',
  as,
  ...(by === undefined ? {} : { by }),
  data: { type: 'Inspector', subject: X, keeper: P, claims: { province: 'GD' }, ...data } as never,
});
const refusal = (work: () => unknown) => {
  try {
    work();
    return 'done';
  } catch (error) {
    const { code, field } = error as { code: string; field?: string };
    return `${code} ${field ?? ''}`.trim();
  }
};

describe('host.credential', () => {
  test('issue gives the credential to its subject; revoke takes it back [C10]', () => {
    const game = play();
    const { id, events } = game.run(issue({ validUntil: '2027-02-01T00:00:00Z' }));
    expect(events[0]).toMatchObject({ type: 'issued', parties: [G, P], data: { until: 1_801_440_000 } });
    const held = () => game.holdings.find([X], 'Inspector', { province: 'GD' }, game.time);
    expect(held()).toEqual({ province: 'GD' });
    expect(refusal(() => game.run({ module: CREDENTIAL_MODULE, command: 'revoke', id, as: P }))).toBe(
      'permission_denied',
    );
    game.run({ module: CREDENTIAL_MODULE, command: 'revoke', id, as: G, data: { reason: 'left' } });
    expect(held()).toBeUndefined();
    expect(game.state(CREDENTIAL_MODULE, id)).toMatchObject({ status: 'revoked', reason: 'left' });
    expect(refusal(() => game.run({ module: CREDENTIAL_MODULE, command: 'revoke', id, as: G }))).toBe(
      'conflict',
    );
  });

  test.each([
    ['a type that nobody declares', { type: 'Nothing' }, 'invalid_argument /type'],
    ['a type that only events give', { type: 'Partner', claims: {} }, 'invalid_argument /type'],
    [
      'claims that the type does not have',
      { claims: { province: 'GD', rank: 1 } },
      'invalid_argument /claims/rank',
    ],
    ['claims that lack one', { claims: {} }, 'invalid_argument /claims/province'],
    ['an end in the past', { validUntil: '2026-01-01T00:00:00Z' }, 'out_of_range /validUntil'],
    ['a member more', { more: 1 }, 'invalid_argument /more'],
    ['a subject that is no DID', { subject: 'x' }, 'invalid_argument /subject'],
  ])('refuses %s', (_, data, code) => {
    expect(refusal(() => play().run(issue(data)))).toBe(code);
  });

  test('an agent gives nothing in the name of its principal', () => {
    const game = play();
    game.hold({ subject: X, type: 'Agent', claims: { principal: G, modules: [CREDENTIAL_MODULE] } });
    expect(refusal(() => game.run(issue({}, G, X)))).toBe('permission_denied');
  });

  test('seen by issuer, keeper, subject and regulator, by no stranger [C5]', () => {
    const game = play();
    const { id } = game.run(issue({}));
    for (const did of [G, P, X, 'did:mno:r'])
      expect(game.see(CREDENTIAL_MODULE, id, did)).toMatchObject({ subject: X });
    expect(refusal(() => game.see(CREDENTIAL_MODULE, id, 'did:mno:z'))).toBe('permission_denied');
  });

  test('takes what is left after an erasure', () => {
    const game = play();
    const { id } = game.run(issue({}));
    game.erase(CREDENTIAL_MODULE, id, 0);
    expect(game.state(CREDENTIAL_MODULE, id)).toMatchObject({ status: 'unknown', issuer: G, claims: {} });
  });

  test('lists what the reader may see, by type, in pages, and tells what is over', () => {
    const game = play();
    type List = {
      total: number;
      statuses: JsonObject;
      rows: readonly { id: string; status: string; about: JsonObject }[];
      next: JsonObject | null;
    };
    const list = (as: string, args: JsonObject = {}) =>
      game.query<List>(CREDENTIAL_MODULE, 'objects', { as, args: { limit: 2, ...args } });
    const until = { validUntil: '2027-02-01T00:00:00Z' };
    const ids = [{}, until, {}].map((data) => game.run(issue(data)).id);
    game.time = 1_801_440_000;
    const first = list(G);
    expect(first).toMatchObject({ total: 3, statuses: { expired: 1, issued: 2 } });
    const second = list(G, { after: first.next as JsonObject });
    expect(second.next).toBeNull();
    const seen = [...first.rows, ...second.rows];
    expect(seen.map(({ id }) => id)).toEqual([...ids].sort());
    expect(seen.find(({ id }) => id === ids[1])?.status).toBe('expired');
    expect(seen[0]?.about).toMatchObject({ type: 'Inspector', subject: X });
    expect(list(X, { status: 'issued', limit: 200 }).rows).toHaveLength(2);
    expect(list('did:mno:z')).toEqual({ total: 0, statuses: {}, rows: [], next: null });
  });

  test('has one digest whatever scenarios are there', () => {
    expect(digestOfModule(credentialModule([]) as unknown as Module)).toBe(
      digestOfModule(module as unknown as Module),
    );
  });

  test('two modules may declare a type alike, never differently', () => {
    expect(Object.keys(allCredentialTypes([{ credentials }, { credentials }])).sort()).toEqual([
      'Agent',
      'Auditor',
      'Inspector',
      'Partner',
    ]);
    const changed = { credentials: { Inspector: { schema: shape({}), trust: { by: 'governor' } as const } } };
    expect(() => allCredentialTypes([{ credentials }, changed])).toThrow(TypeError);
  });
});
