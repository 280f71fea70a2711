import { beforeAll, describe, expect, it } from 'vitest';
import { CHANNEL, MODULE, type Node, openWorld, run, type World } from './world.ts';

let world: World;
let a: Node;

const tablesOf = (node: Node) =>
  ['prepared', 'payload', 'object', 'outbox', 'feed'].map(
    (name) => [...node.store.range(`contract.${name}`)].length,
  );
const reading = (node: Node) => ({
  channel: CHANNEL,
  module: MODULE,
  reader: { actor: node.organisation.did },
});

beforeAll(async () => {
  world = await openWorld();
  a = await world.node(0);
});

describe('a command at one party', () => {
  it('becomes a line, a payload and a state', async () => {
    const begun = await run(a, 'register', { serial: 'SN-1' });
    const noted = await run(a, 'note', { text: 'first' }, { id: begun.id, head: begun.line });
    const view = await a.host.get({ ...reading(a), id: begun.id });
    expect(view).toMatchObject({
      head: noted.line,
      lines: 2,
      checked: true,
      behind: false,
      disputedBy: null,
    });
    expect(view.state).toMatchObject({ serial: 'SN-1', texts: ['first'] });
    expect(await a.host.query({ ...reading(a), query: 'serials', args: {} })).toContain('SN-1');
    expect(world.consortium.ledger.indexOf(Buffer.from(noted.line, 'hex'))).toBe(noted.index);
    expect(a.host.verify().faults).toEqual([]);
  });

  it.each([
    ['invalid_argument', 'register', { serial: 'SN-2', inner: { note: 'x', more: 1 } }, {}],
    ['command_unknown', 'nothing', {}, {}],
    ['not_found', 'note', { text: 'x' }, { id: '0'.repeat(32) }],
    ['already_exists', 'register', { serial: 'SN-1' }, {}],
    ['permission_denied', 'register', { serial: 'SN-3' }, { actor: 'did:mno:stranger' }],
    ['module_unknown', 'register', { serial: 'SN-4' }, { module: 'test.toy@2' }],
  ] as const)(
    'refused with %s leaves no line, no payload, no outbox entry',
    async (code, command, data, more) => {
      const before = [tablesOf(a), world.consortium.ledger.head().size];
      await expect(run(a, command, data, more)).rejects.toMatchObject({ code });
      expect([tablesOf(a), world.consortium.ledger.head().size]).toEqual(before);
    },
  );
});
