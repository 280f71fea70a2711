import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { demoPorts } from '@attestel/server';
import type { Command } from '../command.ts';
import { DATA_HELP, DATA_OPTION, dataDirOf } from '../data-folder.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly says: string;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** End of life of Node release lines (nodejs.org release schedule). */
const SUPPORTED_UNTIL: Record<string, string> = {
  '22': '2027-04-30',
  '24': '2028-04-30',
  '26': '2029-04-30',
};

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check that this machine can run Attestel, and say what to do where it cannot',
  options: { ...DATA_OPTION, port: { type: 'string' } },
  help: { ...DATA_HELP, port: 'first port of the demo (default 4100)' },
  run: async ({ values }) => {
    const findings = [
      node(),
      npm(),
      lockfile(),
      ...(await ports(Number(values.port ?? 4100))),
      disk(dataDirOf(values)),
      clock(),
      chromium(),
    ];
    const text = findings.map((f) => `${f.ok ? 'ok  ' : 'FIX '} ${f.check.padEnd(10)} ${f.says}`).join('\n');
    const broken = findings.filter((f) => !f.ok).length;
    return {
      data: { ok: broken === 0, findings },
      text,
      next: broken === 0 ? 'npm start' : 'mend the lines marked FIX, then run doctor again',
      ...(broken === 0 ? {} : { exitCode: 1 }),
    };
  },
};

function node(): Finding {
  const [major = '', minor = '0'] = process.versions.node.split('.');
  const ok = Number(major) > 22 || (major === '22' && Number(minor) >= 12);
  const until = SUPPORTED_UNTIL[major];
  const support = until ? `, supported until ${until}` : '';
  return {
    check: 'Node',
    ok,
    says: ok
      ? `${process.version}${support}`
      : `${process.version}: needs 22.12 or newer; npm scripts bring their own`,
  };
}

function npm(): Finding {
  const version = spawnSync('npm', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const ok = Number(version.split('.')[0]) >= 10;
  return { check: 'npm', ok, says: ok ? version : 'npm 10 or newer is needed' };
}

function lockfile(): Finding {
  const installed =
    statSync(`${root}node_modules/.package-lock.json`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const wanted = statSync(`${root}package-lock.json`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const ok = installed >= wanted;
  return {
    check: 'packages',
    ok,
    says: ok ? 'installed as the lockfile says' : 'older than the lockfile: run npm ci',
  };
}

async function ports(base: number): Promise<Finding[]> {
  const { operators, ...single } = demoPorts(base, 3);
  const taken: number[] = [];
  for (const port of [...Object.values(single), ...operators]) if (!(await isFree(port))) taken.push(port);
  const says =
    taken.length === 0
      ? `${base} and the following are free`
      : `taken: ${taken.join(', ')}; stop that program (perhaps npm start) or use --port`;
  return [{ check: 'ports', ok: taken.length === 0, says }];
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

function disk(dataDir: string): Finding {
  const stats = statfsSync(existsSync(dataDir) ? dataDir : root);
  const freeMb = Math.floor((stats.bavail * stats.bsize) / 1e6);
  return {
    check: 'disk',
    ok: freeMb >= 500,
    says: freeMb >= 500 ? `${freeMb} MB free` : `only ${freeMb} MB free: make room, at least 500 MB`,
  };
}

/** The repository's own files cannot come from the future. */
function clock(): Finding {
  const newest = statSync(`${root}package.json`).mtimeMs;
  const ok = Date.now() > newest - 60_000 && new Date().getUTCFullYear() >= 2026;
  return {
    check: 'clock',
    ok,
    says: ok
      ? new Date().toISOString()
      : 'the clock is behind: tokens and status would be refused; set the time',
  };
}

function chromium(): Finding {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  return {
    check: 'browser',
    ok: true,
    says: found ?? 'no Chromium here: only the browser tests need one (apt-get install chromium)',
  };
}
