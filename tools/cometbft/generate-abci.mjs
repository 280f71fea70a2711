// Writes packages/ledger/src/abci/generated/ from the engine's own .proto files, fetched through Go's module
// proxy. Run by hand when ABCI_VERSION changes: `node tools/cometbft/generate-abci.mjs`. Needs go and protoc.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The newest line: its proto differs from the older ones by two added request kinds only. */
const ABCI_VERSION = 'v0.40.0';
const PROTOS = [
  'abci/types.proto',
  'crypto/keys.proto',
  'crypto/proof.proto',
  'types/params.proto',
  'types/validator.proto',
].map((file) => `tendermint/${file}`);

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const out = join(root, 'packages/ledger/src/abci/generated');
const work = mkdtempSync(join(tmpdir(), 'abci-proto-'));

// Outside a module, so that this download does not touch the pinned tool module.
const download = execFileSync(
  'go',
  ['mod', 'download', '-json', `github.com/cometbft/cometbft@${ABCI_VERSION}`],
  {
    cwd: work,
    encoding: 'utf8',
  },
);
const { Dir } = JSON.parse(download);

for (const file of PROTOS) {
  mkdirSync(dirname(join(work, file)), { recursive: true });
  writeFileSync(join(work, file), wireOnly(readFileSync(join(Dir, 'proto', file), 'utf8')));
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const plugin = join(root, 'node_modules/.bin/protoc-gen-es');
execFileSync(
  'protoc',
  [
    `--plugin=protoc-gen-es=${plugin}`,
    `-I${work}`,
    `--es_out=${out}`,
    '--es_opt=target=ts,import_extension=ts',
    ...PROTOS,
  ],
  { stdio: 'inherit' },
);
for (const name of readdirSync(out, { recursive: true })) {
  if (!name.endsWith('.ts')) continue;
  const file = join(out, name);
  writeFileSync(file, erasable(readFileSync(file, 'utf8')));
}
rmSync(work, { recursive: true });
execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', out], { stdio: 'inherit' });

/** gogoproto options steer Go's generator alone; nothing of them, nor of comments, is on the wire. */
function wireOnly(proto) {
  return proto
    .replace(/^import "gogoproto\/gogo\.proto";\n/m, '')
    .replace(/^\s*option \(gogoproto\.[^;]*;\n/gm, '')
    .replace(/\s*\[[^\];]*\(gogoproto\.[^\];]*\]/g, '')
    .replace(/\s*\/\/.*$/gm, '');
}

/** Node runs TypeScript by erasing types; an `enum` is more than a type. */
function erasable(source) {
  return source.replace(/^export enum (\w+) \{\n([\s\S]*?)^\}/gm, (_, name, body) => {
    const members = body.replace(/^( *)(\w+) = (\d+),$/gm, '$1$2: $3,');
    return `export const ${name} = {\n${members}} as const;\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];`;
  });
}
