import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certified, certify, freshKey } from '../../../pki/test/ledger/devices.ts';
import { attestel, type Ran } from './attestel.ts';
import type { PkiMembers } from './pki-members.ts';

export type Cell = Certified & { readonly path: string };

/** A vendor's production line that uses nothing but commands: admitted, with a batch of 20 from AC5G-000001 on. */
export interface VendorLine {
  readonly anchor: string;
  readonly batch: string;
  /** Key and self-signed certificate, as a file. */
  make(folder: string, serial: string): Promise<Cell>;
  /** The device signs its statement, as a file beside. */
  prove(cell: Cell): Promise<Cell>;
  submit(...args: string[]): Promise<Ran & { readonly data: Answer }>;
  publish(serial: string): Promise<Cell>;
}

// biome-ignore lint/suspicious/noExplicitAny: what a program reads from --json
type Answer = any;

export async function openVendorLine(members: PkiMembers): Promise<VendorLine> {
  const run = async (...args: string[]) => {
    const ran = await members.run('vendor', 'pki', ...args.slice(0, 2), '--as', 'vendor', ...args.slice(2));
    if (ran.code !== 0) throw new Error(`${args.join(' ')}: ${ran.out}${ran.err}`);
    return ran.data;
  };
  const scope = ['--kind', 'vendor', '--role', 'small-cell', '--serial', 'AC5G'];
  const { anchor } = await run('anchor', 'admit', ...scope, '--as', 'huatong');
  const terms = ['--product', 'AC-5G', '--number', 'PO-1', '--first', 'AC5G-000001', '--count', '20'];
  const { batch } = await run('batch', 'authorise', '--anchor', anchor, ...terms);
  const make = async (folder: string, serial: string): Promise<Cell> => {
    await mkdir(members.file(folder), { recursive: true });
    const made = await certify({ device: serial, key: freshKey('ec'), notBefore: now() - 60 });
    const path = join(members.file(folder), `${serial}.crt`);
    await writeFile(path, made.certificate);
    return { ...made, path };
  };
  const prove = async (cell: Cell): Promise<Cell> => {
    const of = ['--challenge', batch, '--submitter', members.did.vendor];
    const { code, err } = await attestel('pki', 'statement', cell.path, ...of);
    if (code !== 0) throw new Error(err);
    const statement = await readFile(cell.path.replace('.crt', '.statement'));
    await writeFile(cell.path.replace('.crt', '.sig'), cell.key.sign(new Uint8Array(statement)));
    return cell;
  };
  const under = ['--as', 'vendor', '--role', 'small-cell', '--anchor', anchor, '--batch', batch];
  const submit = (...args: string[]) => members.run('vendor', 'pki', 'submit', ...args, ...under);
  const publish = async (serial: string): Promise<Cell> => {
    const cell = await prove(await make('cells', serial));
    const { code, out } = await submit(cell.path);
    if (code !== 0) throw new Error(out);
    return cell;
  };
  return { anchor, batch, make, prove, submit, publish };
}

const now = (): number => Math.floor(Date.now() / 1000);
