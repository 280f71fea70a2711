import { AppError, createMemoryStore, silentLogger, systemRandom } from '@attestel/core';
import type { HistoryEntry, RunRequest } from '@attestel/scenarios';
import { describe, expect, it } from 'vitest';
import type { Provisioned } from '../../../src/consortium/provision.ts';
import { createSeeding, type SeedingOptions } from '../../../src/consortium/scenarios/seeding.ts';

const refusal = (code: string, kind: 'conflict' | 'bad-input' | 'denied' | 'not-found') =>
  new AppError(code, { kind, message: code });

type Host = ReturnType<SeedingOptions['hostOf']>;
const DID = 'did:mno:test';
const nothing = refusal('not_found', 'not-found');

/** One host that refuses as told, and then writes lines; a start is a seeding over what the one before left. */
function world(refusals: readonly AppError[] = []) {
  const store = createMemoryStore();
  const party = { identity: { did: DID }, party: { store } } as unknown as Provisioned;
  const left = [...refusals];
  const lines: { id: string; line: string; command: string; actor: string; payload: string }[] = [];
  const errors: object[] = [];
  const faults = { forgets: false, payload: 'checked' };
  const host: Host = {
    async run({ id = '', command, actor }: RunRequest) {
      const refused = left.shift();
      if (refused) throw refused;
      const line = `line-${lines.length}`;
      lines.push({ id, line, command, actor, payload: faults.payload });
      // Killed between the line and the note of it.
      if (faults.forgets) throw new TypeError('killed');
      return { id, line, index: 0, time: 0, events: [] };
    },
    async history({ id }) {
      const found = lines.filter((line) => line.id === id);
      if (found.length === 0) throw nothing;
      return found as unknown as readonly HistoryEntry[];
    },
  };
  const stopped = new AbortController();
  const start = () =>
    createSeeding({
      ...{ who: () => party, hostOf: () => host, keeper: party, random: systemRandom, pauseMilliseconds: 0 },
      logger: { ...silentLogger, error: (event, fields) => void errors.push({ event, ...fields }) },
      signal: stopped.signal,
    });
  return { start, lines, errors, faults, stopped };
}

const PUBLISH = { at: 'a', channel: 'main', module: 'x@1', command: 'publish', data: {} };
const move = (id: string, command = 'move') => ({ ...PUBLISH, command, id });

describe('seeding', () => {
  it('runs a command once in the life of the folder', async () => {
    const { start, lines } = world();
    const id = await start().once('step', PUBLISH);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await start().once('step', PUBLISH)).toBe(id);
    expect(lines).toHaveLength(1);
  });

  it('comes again where a credential or key is still on its way, and tells nobody', async () => {
    const { start, lines, errors } = world([refusal('permission_denied', 'denied')]);
    await start().once('step', PUBLISH);
    expect(lines).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it('does not come again with what is malformed, says which step it was, and runs it at the next start', async () => {
    const { start, lines, errors } = world([refusal('out_of_range', 'bad-input')]);
    await expect(start().once('step', PUBLISH)).rejects.toMatchObject({ code: 'out_of_range' });
    expect(errors).toEqual([{ event: 'scenario_step_refused', step: 'step', cause: 'out_of_range' }]);
    await start().once('step', PUBLISH);
    expect(lines).toHaveLength(1);
  });

  it('finds what a start that was killed had written already', async () => {
    const { start, lines, faults } = world();
    faults.forgets = true;
    await expect(start().once('begin', PUBLISH)).rejects.toThrow('killed');
    const id = await start().once('begin', PUBLISH);
    await expect(start().once('first', move(id))).rejects.toThrow('killed');
    await start().once('first', move(id));
    // The same command again is another one.
    await expect(start().once('second', move(id))).rejects.toThrow('killed');
    faults.forgets = false;
    await start().once('second', move(id));
    expect(lines.map(({ command }) => command)).toEqual(['publish', 'move', 'move']);
    expect(new Set(lines.map((line) => line.id))).toEqual(new Set([id]));
  });

  it('waits until those who act next have it, content and all', async () => {
    const { start, lines, faults } = world();
    faults.payload = 'missing';
    const told = start().once('step', { ...PUBLISH, told: ['b'] });
    let isDone = false;
    void told.then(() => {
      isDone = true;
    });
    await expect.poll(() => lines.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isDone).toBe(false);
    for (const line of lines) line.payload = 'checked';
    await told;
  });

  it('ends between two commands when the demo stops', async () => {
    const { start, stopped, lines } = world();
    const seeding = start();
    await seeding.once('step', PUBLISH);
    stopped.abort();
    await expect(seeding.once('next', PUBLISH)).rejects.toThrow();
    expect(lines).toHaveLength(1);
  });
});
