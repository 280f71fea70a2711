import { AppError } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import type { Command } from '../src/command.ts';
import { runCommandLine } from '../src/run.ts';

const echo: Command = {
  name: 'thing echo',
  summary: 'Echo a thing',
  positionals: ['THING'],
  options: { loud: { type: 'boolean', help: 'so that all hear it' } },
  load: async () => ({
    run: async ({ positionals, progress }) => {
      progress('working');
      return { data: { thing: positionals[0] }, text: `thing ${positionals[0]}`, next: 'rest' };
    },
  }),
};
const failing = (kind: ConstructorParameters<typeof AppError>[1]['kind']): Command => ({
  name: `fail ${kind}`,
  summary: 'Fail',
  load: async () => ({
    run: () => Promise.reject(new AppError('it_failed', { kind, message: 'the rule' }, { field: '/field' })),
  }),
});

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const kinds = [
    'bad-input',
    'denied',
    'unauthenticated',
    'conflict',
    'gone',
    'not-found',
    'proof-failed',
    'internal',
    'unavailable',
  ] as const;
  const code = await runCommandLine(args, [echo, ...kinds.map(failing)], {
    out: (t) => out.push(t),
    err: (t) => err.push(t),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('command line', () => {
  it('prints the result and what to do next', async () => {
    expect(await run('thing', 'echo', 'a')).toEqual({
      code: 0,
      out: 'thing a\n\nNext: rest',
      err: 'working',
    });
  });

  it('prints one JSON document and no progress with --json', async () => {
    expect(await run('thing', 'echo', 'a', '--json')).toEqual({ code: 0, out: '{"thing":"a"}', err: '' });
  });

  it.each([
    ['bad-input', 2],
    ['denied', 3],
    ['unauthenticated', 3],
    ['conflict', 4],
    ['gone', 4],
    ['not-found', 5],
    ['proof-failed', 6],
    ['internal', 1],
    ['unavailable', 1],
  ])('ends with the exit code of a %s error', async (kind, code) => {
    expect(await run('fail', kind)).toEqual({ code, out: '', err: 'attestel: /field: the rule [it_failed]' });
  });

  it.each([
    [['thing', 'echo'], 'THING'],
    [['thing', 'echo', 'a', 'b'], 'argument 2'],
    [['thing', 'echo', 'a', '--quiet'], '--quiet'],
    [['thing', 'ech'], 'thing ech'],
  ])('refuses %j with exit code 2 and names what is wrong', async (args, named) => {
    const result = await run(...args);
    expect(result.code).toBe(2);
    expect(result.err).toContain(named);
  });

  it('lists every command in its help', async () => {
    expect((await run('--help')).out).toContain('thing echo');
    expect((await run('thing', 'echo', '--help')).out).toContain('--loud  so that all hear it');
    expect((await run()).code).toBe(0);
  });
});
