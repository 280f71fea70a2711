import { AppError, createMemoryStore, type JsonValue } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import type { Provisioned } from '../../../src/consortium/provision.ts';
import type { createContractCaller } from '../../../src/consortium/scenarios/call-contract.ts';
import { byBody, createSeeding } from '../../../src/consortium/scenarios/seeding.ts';

type Caller = ReturnType<typeof createContractCaller>;

const refusal = (code: string, kind: 'conflict' | 'bad-input' | 'denied') =>
  new AppError(code, { kind, message: code });

/** Answers each run by the next of these; queries by the rows given. */
function start(answers: readonly (string | AppError)[], rows: JsonValue = []) {
  const store = createMemoryStore();
  const party = { identity: { did: 'did:mno:test' }, party: { store } } as unknown as Provisioned;
  const left = [...answers];
  const runs: string[] = [];
  const caller: Caller = {
    async run(_call, { command }) {
      runs.push(command);
      const answer = left.shift() ?? refusal('no_more', 'bad-input');
      if (answer instanceof AppError) throw answer;
      return answer;
    },
    query: async () => rows,
  };
  const stopped = new AbortController();
  const options = { who: () => party, nodeOf: () => 'http://node', caller, keeper: party };
  return { runs, stopped, seeding: createSeeding({ ...options, signal: stopped.signal }) };
}

const PUBLISH = { at: 'a', channel: 'main', module: 'x@1', command: 'publish', data: {} };

describe('seeding', () => {
  it('runs a command once in the life of the folder', async () => {
    const { seeding, runs } = start(['one', 'two']);
    expect(await seeding.once('step', PUBLISH)).toBe('one');
    expect(await seeding.once('step', PUBLISH)).toBe('one');
    expect(runs).toEqual(['publish']);
  });

  it('comes again where a credential is still on its way', async () => {
    const { seeding } = start([refusal('permission_denied', 'denied'), 'one']);
    expect(await seeding.once('step', PUBLISH)).toBe('one');
  });

  it('does not come again with what is malformed, and writes nothing down', async () => {
    const { seeding, runs } = start([refusal('out_of_range', 'bad-input'), 'one']);
    await expect(seeding.once('step', PUBLISH)).rejects.toMatchObject({ code: 'out_of_range' });
    expect(await seeding.once('step', PUBLISH)).toBe('one');
    expect(runs).toHaveLength(2);
  });

  it('finds what a start that was killed had done already', async () => {
    const rows = [
      { id: 'other', body: { code: 'B' } },
      { id: 'there', body: { code: 'A' } },
    ];
    const { seeding } = start([refusal('already_exists', 'conflict')], rows);
    expect(await seeding.once('step', { ...PUBLISH, ...byBody(({ code }) => code === 'A') })).toBe('there');
  });

  it('ends between two commands when the demo stops', async () => {
    const { seeding, stopped, runs } = start(['one', 'two']);
    await seeding.once('step', PUBLISH);
    stopped.abort();
    await expect(seeding.once('next', PUBLISH)).rejects.toThrow();
    expect(runs).toHaveLength(1);
  });
});
