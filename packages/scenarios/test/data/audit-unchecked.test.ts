import { fromHex } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/host/evidence/audit-objects.ts';
import { createSlots } from '../../src/host/evidence/audit-slots.ts';
import { createPause } from '../../src/host/evidence/turns.ts';
import { TABLES } from '../../src/host/store/tables.ts';
import { did, type Node, settleAll } from '../host/world.ts';
import { act, chainOf, consented, type DataWorld, NOW, openDataWorld, provided } from './data-world.ts';

const CHANNEL = chainOf(0);

let data: DataWorld;
let provider: Node;
let consent: string;
beforeAll(async () => {
  data = await openDataWorld();
  provider = data.parties[0];
  const { platform } = data;
  consent = await consented({ channel: CHANNEL, subject: 'ab'.repeat(16), provider, recipient: platform });
});

const auditOf = (
  node: Node,
  module: string,
  more: { reader?: Node; signal?: AbortSignal } = {},
): Promise<Audit> => {
  const { reader = node, signal } = more;
  const asked = { channel: CHANNEL, module: `data.${module}@1`, reader: { actor: did(reader) } };
  return node.host.audit({ ...asked, ...(signal && { signal }) });
};

const corrected = (id: string) =>
  act(provider, {
    ...{ channel: CHANNEL, module: 'provision', command: 'correct', id },
    data: { item: 0, value: null, reason: 'not given' },
  });

describe('an audit [D6]', () => {
  it('is ok only where all was checked: what was erased, and what comes after, is named with why', async () => {
    const { platform } = data;
    expect(await auditOf(provider, 'provision')).toMatchObject({ result: 'ok', unchecked: [] });
    const { id, line } = await provided(provider, CHANNEL, consent, platform);
    const second = await corrected(id);
    await corrected(id);
    expect(await auditOf(provider, 'provision')).toMatchObject({ result: 'ok', objects: 1, unchecked: [] });
    await provider.host.erase({ line, actor: did(provider) });
    expect(await auditOf(provider, 'provision')).toMatchObject({
      ...{ result: 'incomplete', objects: 1, erased: 1, findings: [] },
      unchecked: [
        { id, line, why: 'erased', lines: 1 },
        { id, line: second.line, why: 'after_erased', lines: 2 },
      ],
    });
  });

  it('names what it read and does not have any more', async () => {
    const { platform } = data;
    const other = await consented({
      ...{ channel: CHANNEL, subject: 'cd'.repeat(16), provider, recipient: platform },
    });
    const { id, line } = await provided(provider, CHANNEL, other, platform);
    const history = await provider.host.history({
      ...{ channel: CHANNEL, module: 'data.consent@1', id: other, reader: { actor: did(provider) } },
    });
    await provider.host.erase({ line: history[0]?.line ?? '', actor: did(provider) });
    const { result, unchecked } = await auditOf(provider, 'provision');
    expect(result).toBe('incomplete');
    expect(unchecked).toContainEqual({ id, line, why: 'read_missing', lines: 1 });
  });

  it('names another party’s line whose payload is not here, and is faulty where something is found too', async () => {
    const { platform } = data;
    await settleAll([provider, platform]);
    const { id, line } = await provided(provider, CHANNEL, consent, platform);
    await settleAll([provider, platform]);
    await platform.store.transact((writer) => writer.delete(TABLES.payload, fromHex(line)));
    const audit = await auditOf(platform, 'provision');
    expect(audit.result).toBe('incomplete');
    expect(audit.unchecked).toContainEqual({ id, line, why: 'payload_missing', lines: 1 });
    await provider.store.transact((writer) => writer.delete(TABLES.payload, fromHex(line)));
    expect(await auditOf(provider, 'provision')).toMatchObject({
      ...{ result: 'faulty', findings: [{ id: null, line, why: 'record_missing' }] },
    });
  });

  it('runs once at a time for each who asks, and ends when nobody waits for it', async () => {
    const first = auditOf(provider, 'provision');
    await expect(auditOf(provider, 'consent')).rejects.toMatchObject({
      ...{ code: 'audit_running', status: 429 },
    });
    expect(await auditOf(provider, 'consent', { reader: data.regulator })).toMatchObject({ objects: 2 });
    await first;
    expect(await auditOf(provider, 'consent')).toMatchObject({ objects: 2 });
    await expect(auditOf(provider, 'consent', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'stopped',
    });
    expect(await auditOf(provider, 'consent')).toMatchObject({ objects: 2 });
  });

  it('that is one of too many for all together is refused, and those that fail give their place back', async () => {
    const slots = createSlots({ each: 1, all: 2 });
    const waiting = Promise.withResolvers<string>();
    const running = ['a', 'b'].map((who) => slots.run(who, () => waiting.promise));
    await expect(slots.run('c', async () => 'c')).rejects.toMatchObject({ code: 'audit_running' });
    waiting.reject(new Error('over'));
    await Promise.allSettled(running);
    expect(await slots.run('a', async () => NOW)).toBe(NOW);
  });

  it('lets others go on between its steps', async () => {
    const pause = createPause();
    const until = performance.now() + 200;
    let [turns, steps] = [0, 0];
    const other = () => {
      turns += 1;
      if (performance.now() < until) setImmediate(other);
    };
    setImmediate(other);
    while (performance.now() < until) {
      const step = performance.now() + 1;
      while (performance.now() < step);
      steps += 1;
      await pause();
    }
    // A turn of some milliseconds, so others come in between again and again, and not after each step.
    expect(turns).toBeGreaterThan(5);
    expect(steps).toBeGreaterThan(turns);
  });
});
