import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8 } from '@attestel/core';
import { openLmdbStore } from '@attestel/ledger';
import { sampleSubscribers } from '@attestel/openid/issuer';
import type { Wallet } from '@attestel/openid/wallet';
import { DATA_MODULES, digestOfModule, type Module } from '@attestel/scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs } from '../src/data-folder.ts';
import { callNode } from '../src/node-api.ts';
import { attestel } from './harness/attestel.ts';
import { claimPorts } from './harness/claim-ports.ts';
import { type Demo, startDemo } from './harness/demo.ts';
import { eventually } from './harness/eventually.ts';
import { type App, demoApp, headlessWallet, walletLinkOf } from './harness/headless.ts';
import {
  createScanner,
  type Find,
  handleSecret,
  nameSecret,
  numberSecret,
  type Secret,
} from './harness/leak-scan.ts';
import { portLine } from './harness/story.ts';

const OPERATORS = ['zhonglian', 'huatong', 'xinyuan'] as const;
type Operator = (typeof OPERATORS)[number];
const ACTIVE_LINES = 3;
/** Who had the line that goes to another person: the operator has no more use for the name. */
const TRANSFERRED = 2;
const GONE = `name at zhonglian ${TRANSFERRED}`;
const NEW_HOLDER = { 'zh-CN': '慕容雪晴', en: 'Xueqing Murong' };

const linesOf = (operator: Operator) => sampleSubscribers({ seed: '20261122', operator, count: 12 });
type Line = ReturnType<typeof linesOf>[number];
const lineOf = (operator: Operator, index: number) => linesOf(operator)[index] as Line;

/** A secret, and the parties whose folders may hold it. */
interface Kept extends Secret {
  readonly parties: readonly string[];
}

describe('what other parties, the ledger, the logs and the public know of the people', () => {
  let demo: Demo;
  let scratch: string;
  let apps: readonly [shop: App, forum: App];
  /** By name: what the public or everybody who runs the consortium can read. */
  const readable = new Map<string, Uint8Array>();
  const handles = new Map<string, Set<string>>();
  /** Names under which the platform keeps consents. */
  const subjects = new Set<string>();
  let secrets: readonly Kept[];
  const ported = lineOf('zhonglian', 1);
  const transferred = lineOf('zhonglian', TRANSFERRED);
  let portedHandle = '';

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'attestel-leaks-'));
    const args = ['--no-apps', '--refresh', '0.5', '--log', 'debug'];
    demo = await startDemo(await claimPorts(18_100), args);
    apps = [await demoApp(demo), await demoApp(demo, 'demo-forum', demo.ports.forum, 'openid line')];
    for (const operator of OPERATORS) await everydayLife(operator);
    await noteHandles();
    await portAndTransfer();
    await makeMistakes();
    await noteHandles();
    await readWhatIsPublic();
  });
  afterAll(async () => {
    await demo?.remove();
    await rm(scratch, { recursive: true, force: true });
  });

  const node = (operator: Operator): string => demo.url(demo.ports.operator(OPERATORS.indexOf(operator)));

  async function desk(operator: Operator, path: string, body: unknown): Promise<Record<string, string>> {
    const token = await (await actAs(demo.dataDir, operator)).token(node(operator));
    const answer = await callNode(`${node(operator)}/v1/desk/${path}`, { method: 'POST', token, body });
    return answer as Record<string, string>;
  }

  async function newCard(operator: Operator, phoneNumber: string): Promise<Wallet> {
    const wallet = headlessWallet(demo);
    const offer = await desk(operator, 'offers', { phoneNumber });
    await wallet.receive(offer.offer_uri as string, { txCode: offer.tx_code });
    return wallet;
  }

  /** Signs in to both apps and shares the number with the shop; a choice that is kept is a line on the ledger. */
  async function signIn(wallet: Wallet, phoneNumber: string, remember = false): Promise<void> {
    // The shop last: where the choice is kept, it does not ask again.
    for (const app of [...apps].reverse()) {
      const attempt = await app.begin();
      const consent = await attempt.present(wallet, walletLinkOf(await attempt.openPage()));
      const isKept = remember && app === apps[0];
      const told = await attempt.consent(consent, 'share', ['phone_number', 'sim_unchanged_30d'], isKept);
      if (isKept) subjects.add(Buffer.from(told.sub, 'base64url').subarray(0, 16).toString('hex'));
      expect(told.phone_number).toBe(app === apps[0] ? phoneNumber : undefined);
    }
  }

  async function everydayLife(operator: Operator): Promise<void> {
    for (const [i, { phoneNumber, subscriptionId }] of linesOf(operator).slice(0, ACTIVE_LINES).entries()) {
      const wallet = await newCard(operator, phoneNumber);
      await eventually(() => signIn(wallet, phoneNumber, i === TRANSFERRED));
      // A line whose new keys are still open to a veto cannot be ported.
      for (const type of i === 0 ? ['suspend', 'resume', 'sim-swap'] : ['suspend', 'resume'])
        await desk(operator, `lines/${subscriptionId}/events`, { type });
      if (i > 0) continue;
      const next = await newCard(operator, phoneNumber);
      await eventually(() => signIn(next, phoneNumber));
    }
  }

  async function portAndTransfer(): Promise<void> {
    await portLine(demo, ported.phoneNumber, 0, 1);
    const wallet = await newCard('huatong', ported.phoneNumber);
    await eventually(() => signIn(wallet, ported.phoneNumber));
    const transfer = { type: 'transfer', holderName: NEW_HOLDER };
    await desk('zhonglian', `lines/${transferred.subscriptionId}/events`, transfer);
    const newHolder = await newCard('zhonglian', transferred.phoneNumber);
    await eventually(() => signIn(newHolder, transferred.phoneNumber));
  }

  /** Numbers in all the places where somebody might put one by mistake; no refusal may repeat them. */
  async function makeMistakes(): Promise<void> {
    const { phoneNumber, holderName } = lineOf('xinyuan', 0);
    const wrong = [
      ['offers', { phoneNumber }],
      ['offers', { phoneNumber, holderName }],
      ['subscribers/search', { phoneNumber: `${phoneNumber}0` }],
      [`lines/${phoneNumber}/events`, { type: 'suspend' }],
      ['port-in', { phoneNumber, portingRecords: [phoneNumber] }],
    ] as const;
    for (const [path, body] of wrong) await expect(desk('zhonglian', path, body)).rejects.toThrow();
    const login = new URLSearchParams({
      client_id: 'demo-shop',
      redirect_uri: `http://localhost:${demo.ports.shop}/callback`,
      response_type: 'code',
      scope: 'openid phone',
      state: 'a',
      login_hint: phoneNumber,
    });
    const bridge = demo.url(demo.ports.bridge);
    expect((await fetch(`${bridge}/auth?${login}`)).status).toBeLessThan(500);
    const number = encodeURIComponent(phoneNumber);
    for (const origin of [bridge, ...OPERATORS.map(node)]) {
      for (const path of ['v1/registry/apps', 'offers', 'openid4vp/requests', 'interaction', 'nothing'])
        await fetch(`${origin}/${path}/${number}?number=${number}`);
      for (const path of ['token', 'credential', 'openid4vp/responses/x/y', 'my/offers'])
        await fetch(`${origin}/${path}`, { method: 'POST', body: `number=${number}&name=${holderName.en}` });
    }
  }

  /** Handles as the operators' own books have them now. */
  async function noteHandles(): Promise<void> {
    for (const operator of OPERATORS) {
      const store = await openLmdbStore({ path: join(demo.dataDir, operator, 'store'), readOnly: true });
      for (const [, row] of store.range('issuer/subscribers')) {
        const { phoneNumber, line } = JSON.parse(fromUtf8(row));
        if (line.handle === null) continue;
        if (phoneNumber === ported.phoneNumber) portedHandle = line.handle;
        handles.set(line.handle, (handles.get(line.handle) ?? new Set()).add(operator));
      }
      await store.close();
    }
  }

  async function readWhatIsPublic(): Promise<void> {
    const out = join(scratch, 'ledger.jsonl');
    expect((await attestel('ledger', 'export', '--data', demo.dataDir, '--out', out)).code).toBe(0);
    const exported = await readFile(out, 'utf8');
    const entries = [...exported.matchAll(/"(?:entry|attachment)":"([\w-]+)"/g)].map(([, text]) =>
      Buffer.from(text as string, 'base64url'),
    );
    readable.set('ledger export', Buffer.from(exported));
    readable.set('ledger entries', Buffer.concat(entries));
    for (const port of [...OPERATORS.keys()].map(demo.ports.operator).concat(demo.ports.bridge)) {
      for (const path of ['metrics', 'status-lists', 'v1/registry/apps', 'v1/registry/members']) {
        const answer = await fetch(`${demo.url(port)}/${path}`);
        readable.set(`${path} at ${port}`, new Uint8Array(await answer.arrayBuffer()));
      }
    }
  }

  function listSecrets(): Kept[] {
    // "Xia Ji" stands in "Xia Jiang" too.
    const namesakes = (name: string): string[] =>
      OPERATORS.filter((operator) =>
        linesOf(operator).some((line) =>
          Object.values(line.holderName).some((other) => other.includes(name)),
        ),
      );
    const names = (holderName: Line['holderName'], label: string, parties: string[]): Kept[] =>
      Object.values(holderName).map((name) => ({
        ...nameSecret(label, name),
        parties: [...parties, ...namesakes(name)],
      }));
    const ofLines = OPERATORS.flatMap((operator) =>
      linesOf(operator).flatMap(({ phoneNumber, holderName }, i) => {
        const parties = phoneNumber === ported.phoneNumber ? ['zhonglian', 'huatong'] : [operator];
        const number = numberSecret(`number of ${operator} ${i}`, phoneNumber);
        return [{ ...number, parties }, ...names(holderName, `name at ${operator} ${i}`, [operator])];
      }),
    );
    const ofHandles = [...handles].map(([handle, operators], i) => {
      const parties = [...operators];
      return { ...handleSecret(`handle ${i} of ${parties}`, handle), parties };
    });
    const ofSubjects = [...subjects].map((subject, i): Kept => {
      const forms = [
        { name: 'hex', bytes: Buffer.from(subject) },
        { name: 'raw', bytes: Buffer.from(subject, 'hex') },
      ];
      return { label: `subject ${i} of a consent`, forms, parties: [] };
    });
    return [
      ...ofSubjects,
      ...ofLines,
      ...names(NEW_HOLDER, 'name of the new holder', ['zhonglian']),
      ...ofHandles,
    ];
  }

  /** The files of a party, or of the consortium, as they are on the disk. */
  async function* filesOf(folder: string): AsyncIterable<Uint8Array> {
    const entries = await readdir(join(demo.dataDir, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) if (entry.isFile()) yield readFile(join(entry.parentPath, entry.name));
  }

  async function findIn(folder: string, wanted: readonly Kept[]): Promise<Find[]> {
    const scan = createScanner(wanted);
    const found: Find[] = [];
    for await (const bytes of filesOf(folder)) found.push(...scan(bytes));
    return found;
  }

  describe('while it runs', () => {
    it('no operator’s node is asked anything when its subscriber signs in [I2]', async () => {
      const { phoneNumber } = lineOf('zhonglian', 0);
      const wallet = await newCard('zhonglian', phoneNumber);
      // Status lists are fetched in the background all the time, whoever signs in.
      const requests = async () => {
        const texts = await Promise.all(
          OPERATORS.map(async (o) => (await fetch(`${node(o)}/metrics`)).text()),
        );
        const lines = texts.join('\n').matchAll(/^attestel_http_requests_total\{.*/gm);
        return [...lines].map(([line]) => line).filter((line) => !/route="\/(?:metrics|status)/.test(line));
      };
      expect((await requests()).length).toBeGreaterThan(5);
      // Followers of the log ask by their clocks, whoever signs in: one sign-in between two of them says it all.
      await eventually(async () => {
        const before = await requests();
        await signIn(wallet, phoneNumber);
        expect(await requests()).toEqual(before);
      });
    });
  });

  describe('afterwards', () => {
    beforeAll(async () => {
      await demo.kill('SIGTERM');
      readable.set('log', Buffer.from(demo.output()));
      secrets = listSecrets();
    });

    it('operators’ logs name no app [I2]', () => {
      const lines = demo.output().split('\n');
      const ofOperators = lines.filter((line) => OPERATORS.some((id) => line.includes(`"node":"${id}"`)));
      expect(ofOperators.length).toBeGreaterThan(10);
      expect(ofOperators.filter((line) => /demo-shop|demo-forum/.test(line))).toEqual([]);
      expect(lines.some((line) => line.includes('login.completed') && line.includes('demo-shop'))).toBe(true);
    });

    it('an operator’s own store holds the numbers, names and handles of its lines: the search finds them', async () => {
      for (const operator of OPERATORS) {
        const own = secrets.filter(({ label, parties }) => parties.includes(operator) && label !== GONE);
        const found = new Set((await findIn(operator, own)).map(({ label }) => label));
        expect(own.filter(({ label }) => !found.has(label)).map(({ label }) => label)).toEqual([]);
      }
    });

    it('nothing of them is in the folder of any other party, of the ledger or of the consortium', async () => {
      const entries = await readdir(demo.dataDir, { withFileTypes: true });
      const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      expect(folders).toEqual(expect.arrayContaining([...OPERATORS, 'platform', 'vendor', 'ledger']));
      const found: Record<string, Find[]> = {};
      for (const folder of folders) {
        const others = secrets.filter(({ parties }) => !parties.includes(folder));
        const finds = await findIn(folder, others);
        if (finds.length > 0) found[folder] = finds;
      }
      const scan = createScanner(secrets);
      for (const { name } of entries.filter((entry) => entry.isFile()))
        found[name] = scan(await readFile(join(demo.dataDir, name)));
      expect(Object.entries(found).filter(([, finds]) => finds.length > 0)).toEqual([]);
    });

    it('the consents of sign-ins are lines of the ledger: the search goes over them too', () => {
      const module = DATA_MODULES.find(({ name }) => name === 'data.consent');
      const digest = Buffer.from(digestOfModule(module as unknown as Module), 'hex');
      const entries = Buffer.from(readable.get('ledger entries') ?? []);
      const lines = entries.toString('latin1').split(digest.toString('latin1')).length - 1;
      expect(subjects.size).toBe(OPERATORS.length);
      expect(lines).toBeGreaterThanOrEqual(OPERATORS.length);
    });

    it('nothing of them is in the ledger’s export, in any log at level debug, in metrics or public lists', () => {
      const scan = createScanner(secrets);
      const found = [...readable].map(([name, bytes]) => [name, scan(bytes)] as const);
      expect(readable.get('log')?.length).toBeGreaterThan(10_000);
      expect(found.filter(([, finds]) => finds.length > 0)).toEqual([]);
    });

    it('a ported line’s handle is at the donor and the recipient, and at nobody else', async () => {
      const handle = { ...handleSecret('ported', portedHandle), parties: [] };
      const holders = [];
      for (const folder of await readdir(demo.dataDir)) {
        const isFolder = !folder.includes('.');
        if (isFolder && (await findIn(folder, [handle])).length > 0) holders.push(folder);
      }
      expect(holders.sort()).toEqual(['huatong', 'zhonglian']);
    });

    it('the donor’s porting record holds the handle inside base64url, where the search finds it too', async () => {
      const found = await findIn('zhonglian', [{ ...handleSecret('ported', portedHandle), parties: [] }]);
      expect(found.map(({ form }) => form)).toContainEqual(expect.stringMatching(/^text, base64url at \d$/));
    });
  });
});
