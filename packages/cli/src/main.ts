#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { commands } from './commands/index.ts';
import { runCommandLine } from './run.ts';

// Halves the time to load Attestel. In our own folder: another user of this machine could write to /tmp.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)));

const code = await runCommandLine(process.argv.slice(2), commands, {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
});
if (code !== undefined) process.exitCode = code;
