import type { CommandResult, Run } from '../command.ts';
import { wholeNumber } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { engine } from './engine.ts';
import type { Finding } from './finding.ts';
import { keys } from './keys.ts';
import { clock, disk, ports } from './machine.ts';
import { policy } from './policy.ts';
import { browser, node, npm, packages } from './software.ts';

export const run: Run = async ({ values }) => {
  const dataDir = dataDirOf(values);
  const port = wholeNumber(values, 'port', { fallback: 4100, least: 1024, most: 65_400 });
  return diagnose([
    node(),
    npm(),
    packages(),
    await ports(port),
    disk(dataDir),
    clock(),
    await keys(dataDir),
    await policy(dataDir),
    browser(),
    await engine(),
  ]);
};

/** Exit code 1 as soon as one thing is not well, so that scripts can stop there. */
export function diagnose(findings: readonly Finding[]): CommandResult {
  const ok = findings.every((finding) => finding.ok);
  return {
    data: { ok, findings },
    text: findings.map((f) => `${f.ok ? 'ok  ' : 'FIX '} ${f.check.padEnd(10)} ${f.says}`).join('\n'),
    next: ok ? 'npm start' : 'mend the lines marked FIX, then run doctor again',
    exitCode: ok ? 0 : 1,
  };
}
