import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/commands/index.ts';
import { attestel } from './harness/attestel.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const loads = (...args: string[]): string[] => {
  const script = `
    const loaded = [];
    const { registerHooks } = await import('node:module');
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    process.argv = [process.argv[0], '', ...${JSON.stringify(args)}];
    process.on('exit', () => process.stderr.write(JSON.stringify(loaded)));
    await import(${JSON.stringify(main)});`;
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
  const flags = ['--conditions=source', '--input-type=module', '--eval', script];
  const { stderr } = spawn(flags, env);
  return JSON.parse(stderr.slice(stderr.indexOf('["'))) as string[];
};
const spawn = (flags: string[], env: NodeJS.ProcessEnv): { stderr: string } => {
  const out = execFileSync('sh', ['-c', '"$0" "$@" 2>&1 >/dev/null || true', process.execPath, ...flags], {
    env,
    encoding: 'utf8',
  });
  return { stderr: out };
};

describe('the command table', () => {
  it('has no two commands of one name', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    '%s has help for every option, and something that runs',
    async (name, command) => {
      const { code, out } = await attestel(...name.split(' '), '--help');
      expect(code).toBe(0);
      for (const [option, { help }] of Object.entries(command.options ?? {})) {
        expect(out).toContain(`--${option}`);
        expect(help.length).toBeGreaterThan(10);
      }
      expect((await command.load()).run).toBeTypeOf('function');
    },
  );

  it.each([[['--help']], [['doctor', '--json', '--port', '18300']], [['registry', 'list', 'nothing']]])(
    '%j loads neither servers nor build tools',
    (args) => {
      const loaded = loads(...args);
      expect(loaded.some((url) => url.endsWith('/cli/src/run.ts'))).toBe(true);
      expect(loaded.filter((url) => /oidc-provider|vite|express|lmdb|zod|@openid4vc/.test(url))).toEqual([]);
    },
  );
});
