import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Consortium, startConsortium } from '@attestel/server';
import { attestel } from './attestel.ts';
import { claimPorts } from './claim-ports.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Walkthrough {
  readonly demo: Consortium;
  readonly dataDir: string;
  /** Runs all commands of an example's README, in their order, in one bash. @throws where one fails */
  run(example: string): Promise<string>;
  close(): Promise<void>;
}

/** What stands in for `attestel`: a program that asks this process, where everything is loaded already. */
const CLIENT = `
const { connect } = require('node:net');
const args = process.argv.slice(2);
const input = args.includes('-') ? require('node:fs').readFileSync(0, 'utf8') : '';
const socket = connect(process.env.ATTESTEL_SOCKET);
let answer = '';
socket.on('data', (chunk) => (answer += chunk));
socket.on('end', () => {
  const { code, out, err } = JSON.parse(answer);
  if (out !== '') process.stdout.write(out + '\\n');
  if (err !== '') process.stderr.write(err + '\\n');
  process.exitCode = code;
});
socket.end(JSON.stringify({ args, input }));
`;

/** A demo with its scenarios ready, and a bash in which READMEs are run as they stand. */
export async function startWalkthrough(firstPort: number): Promise<Walkthrough> {
  const folder = await mkdtemp(join(tmpdir(), 'attestel-example-'));
  const [dataDir, socket, client] = [
    join(folder, 'data'),
    join(folder, 'socket'),
    join(folder, 'client.cjs'),
  ];
  await writeFile(client, CLIENT);
  const basePort = await claimPorts(firstPort);
  const demo = await startConsortium({ dataDir, basePort, logLevel: 'silent', scenarios: true });
  const server = await serve(socket, folder);
  await demo.scenarios?.done;
  if (demo.scenarios?.state() !== 'ready') throw new Error('the scenarios of the demo are not ready');
  const env = {
    ...{ TMPDIR: folder, HOME: folder, ATTESTEL_DATA: dataDir, PORT: String(basePort) },
    ...{ ATTESTEL: `node ${client}`, ATTESTEL_SOCKET: socket },
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  };
  const before = process.env.ATTESTEL_DATA;
  process.env.ATTESTEL_DATA = dataDir;
  return {
    demo,
    dataDir,
    run: async (example) => bash(await commandsOf(example), env),
    async close() {
      if (before === undefined) delete process.env.ATTESTEL_DATA;
      else process.env.ATTESTEL_DATA = before;
      server.close();
      await demo.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Blocks marked `sh`; what stands in others is for people. */
async function commandsOf(example: string): Promise<string> {
  const readme = await readFile(join(root, 'examples', example, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands).join('\n');
}

async function serve(path: string, folder: string): Promise<Server> {
  let count = 0;
  const answer = async (socket: Socket): Promise<void> => {
    const { args, input } = JSON.parse(await text(socket)) as { args: string[]; input: string };
    const file = join(folder, `input-${count++}.json`);
    if (args.includes('-')) await writeFile(file, input);
    const { code, out, err } = await attestel(...args.map((arg) => (arg === '-' ? file : arg)));
    socket.end(JSON.stringify({ code: code ?? 1, out, err }));
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => void answer(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

async function bash(commands: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('bash', ['-euo', 'pipefail', '-x', '-c', commands], { cwd: root, env });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`bash ended with ${code}:\n${err.slice(-3000)}`);
  return out;
}
