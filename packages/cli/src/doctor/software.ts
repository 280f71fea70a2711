import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import type { Finding } from './finding.ts';
import { root } from './machine.ts';

/** End of life of Node release lines (nodejs.org release schedule). */
const SUPPORTED_UNTIL: Readonly<Record<string, string>> = {
  '22': '2027-04-30',
  '24': '2028-04-30',
  '26': '2029-04-30',
};

export function node(version = process.versions.node): Finding {
  const [major = '', minor = '0'] = version.split('.');
  const ok = Number(major) > 22 || (major === '22' && Number(minor) >= 12);
  const until = SUPPORTED_UNTIL[major];
  const support = until ? `, supported until ${until}` : '';
  return {
    check: 'Node',
    ok,
    says: ok ? `v${version}${support}` : `v${version}: needs 22.12 or newer; npm scripts bring their own`,
  };
}

export function npm(): Finding {
  const version = spawnSync('npm', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const ok = Number(version.split('.')[0]) >= 10;
  return { check: 'npm', ok, says: ok ? version : 'npm 10 or newer is needed' };
}

/** The same rule by which npm start decides whether to install. */
export function packages(): Finding {
  const modified = (path: string): number => statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const ok = modified('node_modules/.package-lock.json') >= modified('package-lock.json');
  return {
    check: 'packages',
    ok,
    says: ok ? 'installed as the lockfile says' : 'older than the lockfile: run npm ci',
  };
}

export function browser(): Finding {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  return {
    check: 'browser',
    ok: true,
    says: found ?? 'no Chromium here: only the browser tests need one (apt-get install chromium)',
  };
}
