#!/usr/bin/env node
import { commands } from './commands/index.ts';
import { runCommandLine } from './run.ts';

const code = await runCommandLine(process.argv.slice(2), commands, {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
});
if (code !== undefined) process.exitCode = code;
