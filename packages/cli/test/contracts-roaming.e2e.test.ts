import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, type CborValue, decodeCbor, encodeCbor, toHex } from '@attestel/core';
import { openLmdbStore } from '@attestel/ledger';
import { readIr21, readPain001, resultOf, type StatementInputs, writePain001 } from '@attestel/scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetXml } from '../../scenarios/test/roaming/ir21-xml.ts';
import { attestel } from './harness/attestel.ts';
import { eventually } from './harness/eventually.ts';
import { foundMembers, type Members } from './harness/members.ts';

const [A, B, C] = ['zhonglian', 'huatong', 'clearing'];
const CODES: Readonly<Record<string, string>> = { [A]: 'CHNZL', [B]: 'HKGHT' };
const OTHER: Readonly<Record<string, string>> = { [A]: B, [B]: A };

/** Tariffs have a notice of 60 days: what is settled is the third month from now. */
const [MONTH, NEXT] = [3, 4].map(monthFromNow) as [string, string];

/** Sheets take effect as they are published. */
const NOW = '2099-01-01T00:00:00Z';

describe('the roaming story, at three nodes that are processes of their own', () => {
  let all: Members;
  let tariff: string;
  let usage: readonly string[];
  let statement: string;
  let dispute: string;
  let credit: string;
  let last: string;
  let parties: readonly string[];
  const sheets = new Map<string, string>();

  beforeAll(async () => {
    all = await foundMembers({ names: [C, A, B], driver: 'solo', basePort: 28_500, channel: 'roaming' });
    for (const name of [C, A, B]) await all.start(name);
    await all.openChannel();
    parties = [all.did(A), all.did(B)].sort();
  });
  afterAll(() => all?.remove());

  /** Runs a command; again where keys, payloads or credentials are still on their way. */
  const run = async (as: string, args: readonly string[], data: unknown): Promise<string> =>
    eventually(async () => {
      const { code, answer } = await all.callWith(as, args, data);
      if (code !== 0) throw new Error(`${args.join(' ')}: ${JSON.stringify(answer)}`);
      return answer.id;
    });
  const command = (module: string, name: string, id?: string) => [
    `roaming.${module}@1.0.0`,
    name,
    ...(id === undefined ? [] : [id]),
  ];
  const stateAt = async (name: string, module: string, id: string) =>
    (await all.read(name, `roaming.${module}@1.0.0`, `/${id}`)).state;
  const inputs = (month: string, credits: readonly string[]): StatementInputs => ({
    tariff: { id: tariff, version: 1 },
    usage: [...usage],
    periods: { from: month, to: month },
    closing: false,
    credits: [...credits],
  });
  /** With the result as whoever proposes it computes it from what its own node shows. */
  const termsOf = async (from: StatementInputs) => {
    const states = new Map<string, unknown>();
    for (const [module, ids] of [
      ['iot', [tariff]],
      ['usage', from.usage],
      ['credit', from.credits],
    ] as const)
      for (const id of ids) states.set(`roaming.${module}|${id}`, await stateAt(A, module, id));
    const read = (module: string, id: string) => states.get(`${module}|${id}`) as never;
    return { ...from, result: resultOf(from, { parties, read }) };
  };

  it('operators get their codes from the clearing house and publish sheets and IR.21', async () => {
    for (const name of [A, B]) {
      const claims = { tadig: [CODES[name]] };
      await run(C, ['host.credential@1', 'issue'], { type: 'Operator', subject: all.did(name), claims });
    }
    for (const name of [A, B]) {
      await run(name, command('party', 'publish'), { body: sheetOf(name) });
      sheets.set(name, await run(name, command('ir21', 'publish'), { body: readIr21(xmlOf(name)) }));
    }
    for (const name of [A, B, C])
      await expect
        .poll(
          async () =>
            (await all.read(name, 'roaming.party@1.0.0', `/queries/inForce?at=${NOW}`)).result?.length,
        )
        .toBe(2);
  });

  it('agree on a tariff whose lines name nobody, once one of them came back from a sudden death', async () => {
    tariff = await run(A, command('iot', 'propose'), {
      parties: [all.did(B)],
      terms: tariffOf(all),
      validFrom: new Date(Date.now() + 61 * 86_400_000).toISOString().replace(/\.\d+/, ''),
    });
    await all.kill(B, 'SIGKILL');
    usage = [await run(A, command('usage', 'submit'), rowsOf(A, all))];
    await all.start(B);
    await run(B, command('iot', 'sign', tariff), { version: 1 });
    await expect.poll(async () => (await stateAt(A, 'iot', tariff)).status).toBe('agreed');
  });

  it('count usage on both sides, which differ by what is told', async () => {
    usage = [...usage, await run(B, command('usage', 'submit'), rowsOf(B, all))];
    const compare = () =>
      all.read(A, 'roaming.usage@1.0.0', `/queries/compare?own=${usage[0]}&partner=${usage[1]}`);
    await expect.poll(async () => (await compare()).result?.differing).toBe(1);
  });

  it('settle a month by a statement that both compute; a changed cent is refused', async () => {
    const terms = await termsOf(inputs(MONTH, []));
    expect(terms.result.net).toMatchObject({ payer: all.did(A), payee: all.did(B), amount: '300.00' });
    const forged = { ...terms, result: { ...terms.result, net: { ...terms.result.net, amount: '300.01' } } };
    const other = { parties: [all.did(B)] };
    expect(await all.callWith(A, command('statement', 'propose'), { ...other, terms: forged })).toMatchObject(
      { code: 2, answer: { field: '/terms/result' } },
    );
    statement = await run(A, command('statement', 'propose'), { ...other, terms });
    await run(B, command('statement', 'receive', statement), { version: 1 });
    await run(B, command('statement', 'sign', statement), { version: 1 });
    await expect.poll(async () => (await stateAt(A, 'statement', statement)).status).toBe('agreed');
  });

  it('dispute a line of it, end that by a credit, and pay what the next statement leaves', async () => {
    const facts = {
      statement,
      tariff,
      direction: directionOf(await stateAt(A, 'statement', statement)),
      line: 0,
    };
    dispute = await run(A, command('dispute', 'open'), {
      category: 'usage',
      facts: { ...facts, claimed: '50.00' },
      evidence: [{ module: 'roaming.usage', id: usage[0] }],
      parties: [all.did(B)],
    });
    await run(A, command('dispute', 'assign', dispute), { to: all.did(B) });
    await run(B, command('dispute', 'resolve', dispute), { outcome: { credit: '25.00' } });
    const { direction, line } = facts;
    const terms = { dispute, statement, direction, line, payer: all.did(B), payee: all.did(A) };
    credit = await run(B, command('credit', 'propose'), {
      parties: [all.did(A)],
      terms: { ...terms, amount: '25.00', currency: 'EUR' },
    });
    await run(A, command('credit', 'sign', credit), { version: 1 });
    const next = await termsOf(inputs(NEXT, [credit]));
    last = await run(A, command('statement', 'propose'), { parties: [all.did(B)], terms: next });
    await run(B, command('statement', 'sign', last), { version: 1 });
    await expect.poll(async () => (await stateAt(A, 'statement', last)).status).toBe('agreed');
    const { net } = (await stateAt(A, 'statement', last)).agreed[0].terms.result;
    expect(net).toEqual({ payer: all.did(B), payee: all.did(A), amount: '25.00', currency: 'EUR' });
    const order = transferOf(last, net);
    expect(readPain001(writePain001(order))).toEqual(order);
    await run(B, command('statement', 'pay', last), { version: 1, reference: `NET-${NEXT}` });
    await run(A, command('statement', 'confirm', last), { version: 1 });
  });

  it('[R13] the clearing house reads for who made it its agent, and nothing of the other', async () => {
    const modules = ['roaming.statement'];
    const show = (at: string, principal?: string, module = 'statement', id = statement) => {
      const behalf = principal === undefined ? [] : ['--for', all.did(principal)];
      return all.callAt(at, C, 'show', `roaming.${module}@1.0.0`, id, ...behalf);
    };
    expect(await show(A, A)).toMatchObject({ code: 3 });
    await run(A, ['host.credential@1', 'issue'], {
      type: 'Agent',
      ...{ subject: all.did(C), keeper: all.did(A), claims: { principal: all.did(A), modules } },
    });
    expect(await show(A, A)).toMatchObject({ code: 0, answer: { id: statement } });
    expect(await show(A)).toMatchObject({ code: 3 });
    expect(await show(A, A, 'usage', usage[0])).toMatchObject({ code: 3 });
    for (const principal of [A, B]) expect(await show(B, principal)).toMatchObject({ code: 3 });
  });

  it('an auditor reads what is not its own, and both parties find that it did', async () => {
    const [id = ''] = usage;
    const show = () => all.callAt(A, C, 'show', 'roaming.usage@1.0.0', id);
    expect(await show()).toMatchObject({ code: 3 });
    await run(B, ['host.credential@1', 'issue'], {
      type: 'Auditor',
      ...{ subject: all.did(C), keeper: all.did(A), claims: { channel: 'roaming' } },
    });
    await eventually(async () => expect(await show()).toMatchObject({ code: 0, answer: { id } }));
    for (const name of [A, B])
      await eventually(async () => {
        const { answer } = await all.call(
          name,
          'query',
          'host.access@1',
          'reads',
          `object=${id}`,
          'limit=10',
        );
        expect(answer).toMatchObject([{ reader: all.did(C), object: id, by: all.did(A) }]);
      });
  });

  it('[R3] copies of an IR.21 at both are the same; one character changed at one side is found', async () => {
    const own = join(all.folder, 'ir21.xml');
    const compare = async (as: string, text: string) => {
      await writeFile(own, text);
      const where = ['--as', as, '--node', all.url(as), '--data', all.folder, '--channel', 'roaming'];
      const sheet = sheets.get(A) ?? '';
      const { code, out, err } = await attestel('roaming', 'compare', own, sheet, ...where, '--json');
      return { code, answer: JSON.parse(out || err) };
    };
    const [first, second] = [await compare(A, xmlOf(A)), await compare(B, xmlOf(A))];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.answer.digest).toBe(first.answer.digest);
    const changed = xmlOf(A).replace('203.0.113.0/24', '203.0.113.0/25');
    expect(await compare(B, changed)).toMatchObject({ code: 6, answer: { error: 'copy_differs' } });
    expect(await compare(A, xmlOf(A))).toMatchObject({ code: 0 });
  });

  it('[R9] usage with months as a spreadsheet counts days is refused, or repaired and told', async () => {
    const [given, out] = [join(all.folder, 'usage.json'), join(all.folder, 'submit.json')];
    const row = { yearMonth: '43466', homeTadig: CODES[A], visitorTadig: CODES[B], service: 'MOC Local' };
    const rows = [{ ...row, usage: 12.5, units: 'min', currency: 'EUR' }];
    await writeFile(given, JSON.stringify({ inbound: [], outbound: rows }));
    const read = async (...more: string[]) => {
      const args = ['roaming', 'usage', given, '--partner', all.did(B), '--out', out, '--json', ...more];
      const ran = await attestel(...args);
      return { code: ran.code, answer: JSON.parse(ran.out || ran.err) };
    };
    expect(await read()).toMatchObject({
      code: 2,
      answer: { message: expect.stringMatching(/^\/outbound\/0\/yearMonth:/) },
    });
    expect(await read('--repair', 'excel-dates')).toMatchObject({
      code: 0,
      answer: {
        rows: 1,
        repairs: [{ field: '/outbound/0/yearMonth', rule: 'excel-dates', value: '43466' }],
      },
    });
    const submitted = await all.call(A, 'roaming.usage@1.0.0', 'submit', '--in', out);
    expect(submitted).toMatchObject({
      code: 0,
      answer: { events: [{ type: 'submitted' }, { type: 'repaired' }] },
    });
    const { result } = await all.read(A, 'roaming.usage@1.0.0', '/queries/repairs');
    expect(result).toMatchObject([
      {
        id: submitted.answer.id,
        repairs: [{ rule: 'excel-dates', field: 'period', was: '43466', items: 1, party: all.did(A) }],
      },
    ]);
  });

  it('leave equal ledgers at all three, equal states at both, and nothing at the third of what is blind', async () => {
    await expect
      .poll(async () => new Set(await Promise.all([A, B, C].map((name) => all.head(name)))).size)
      .toBe(1);
    for (const [module, id] of [
      ['iot', tariff],
      ['usage', usage[0]],
      ['usage', usage[1]],
      ['statement', statement],
      ['dispute', dispute],
      ['credit', credit],
      ['statement', last],
    ] as const) {
      const at = (name: string) => all.read(name, `roaming.${module}@1.0.0`, `/${id}`);
      await expect.poll(async () => (await at(B)).head).toBe((await at(A)).head);
      expect(await at(A)).toEqual(await at(B));
      expect(await at(A)).toMatchObject({ checked: true, behind: false, disputedBy: null });
      expect(await at(C)).toMatchObject({ code: 'not_found' });
    }
    for (const name of [A, B, C]) {
      const args = ['ledger', 'checkpoint', '--node', all.url(name), '--policy', all.policyFile];
      await expect.poll(async () => (await attestel(...args)).code).toBe(0);
    }
  });

  it('[C2] verify, ledgers and what is kept; a changed payload is found, by its place in the log', async () => {
    expect(await all.call(A, 'verify')).toMatchObject({ code: 0, answer: { faults: [] } });
    expect(await all.callAt(B, A, 'verify')).toMatchObject({ code: 3 });
    for (const name of [A, B, C]) await all.kill(name, 'SIGTERM');
    for (const name of [A, B, C]) {
      const store = join(all.folder, name, 'ledger');
      const { code, out } = await attestel('ledger', 'fsck', '--store', store, '--json');
      expect({ name, code, out }).toMatchObject({ code: 0 });
    }
    const line = await changePayload(join(all.folder, A, 'store'));
    // Others order the ledger that A follows.
    await all.start(C);
    await all.start(A);
    expect(await all.call(A, 'verify')).toMatchObject({
      code: 6,
      answer: { error: 'kept_differs', message: expect.stringMatching(/^entry \d+:/), line },
    });
  });
});

/** Flips a bit in the middle of the first payload that is kept. @returns its line */
async function changePayload(path: string): Promise<string> {
  const store = await openLmdbStore({ path });
  const [first] = store.range('contract.payload', { limit: 1 });
  const [key, value] = first as [Bytes, Bytes];
  const record = decodeCbor(value) as { [field: string]: CborValue };
  const sealed = (record.sealed as Bytes).slice();
  sealed[sealed.length >> 1] = (sealed[sealed.length >> 1] as number) ^ 1;
  await store.transact((writer) => writer.put('contract.payload', key, encodeCbor({ ...record, sealed })));
  await store.close();
  return toHex(key);
}

function monthFromNow(count: number): string {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + count, 1));
  return `${month.getUTCFullYear()}${String(month.getUTCMonth() + 1).padStart(2, '0')}`;
}

const sheetOf = (name: string) => ({
  ...{ name, country: name === A ? 'CHN' : 'HKG', tadig: [CODES[name]] },
  contacts: [{ purpose: 'commercial', name: 'Roaming desk', email: `roaming@${name}.example` }],
});

const xmlOf = (name: string): string =>
  sheetXml({ shape: 'summary' }).replaceAll('JPNXX', CODES[name] as string);

/** Customers of each pay 0.50 in the other's network. */
const tariffOf = (all: Members) => ({
  currency: 'EUR',
  term: { from: MONTH, to: monthFromNow(14) },
  rounding: { rule: 'half-even', decimals: 2 },
  discounts: [A, B].map((home) => ({
    home: all.did(home),
    groups: [
      {
        homeTadigs: [CODES[home]],
        visitorTadigs: [CODES[OTHER[home] as string]],
        services: [
          {
            service: 'MOC Local',
            includedInCommitment: true,
            rate: { thresholds: [{ start: '0', linearPrice: '0.50' }] },
          },
        ],
      },
    ],
  })),
});

/** Each counts the other's customers in its network, and its own abroad: B finds 1,000 minutes of A's, A finds 999. */
const rowsOf = (name: string, all: Members) => {
  const row = (home: string, minutes: string) => ({
    ...{ period: MONTH, homeTadig: CODES[home], visitorTadig: CODES[OTHER[home] as string] },
    ...{ service: 'MOC Local', usage: minutes, unit: 'min', currency: 'EUR' },
  });
  const items = name === A ? [row(A, '999'), row(B, '400')] : [row(A, '1000'), row(B, '400')];
  const partner = all.did(OTHER[name] as string);
  return { head: { partner }, items, to: [partner] };
};

const directionOf = (state: {
  agreed: readonly { terms: { result: { directions: readonly { due: string }[] } } }[];
}) => state.agreed[0]?.terms.result.directions.findIndex(({ due }) => due === '500.00');

const transferOf = (id: string, net: { amount: string; currency: string }) => ({
  messageId: id,
  created: '2027-07-10T00:00:00Z',
  executionDay: '2027-07-15',
  endToEndId: id,
  debtor: { name: 'Huatong', iban: 'GB82WEST12345698765432', bic: 'EXMPCNBJ' },
  creditor: { name: 'Zhonglian', iban: 'DE89370400440532013000', bic: 'EXMPJPJT' },
  amount: net.amount,
  currency: net.currency,
  remittance: `Statement ${id}`,
});
