import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../../errors.ts';
import { MAX_ENVELOPE_BYTES } from '../envelope.ts';
import { formatGenesis, type GenesisDocument } from '../genesis-document.ts';
import type { Validator } from '../validators.ts';
import { addressOf, publicKeyJson } from './engine-keys.ts';

/** Largest block, bytes. Ours are smaller (`MAX_BLOCK_BYTES`); the rest is evidence and encoding. */
const MAX_BLOCK_BYTES = 9_000_000;
/** Two days: longer than any outage in which a validator could vote twice and stay unnoticed. */
const EVIDENCE_NANOSECONDS = 172_800_000_000_000;
/** Transactions that wait for a block, bytes: some twenty full blocks. */
const MAX_MEMPOOL_BYTES = 160_000_000;
/** Room for an operation of the largest size in base64. */
const MAX_RPC_BODY_BYTES = 2_000_000;

export interface EngineGenesis {
  readonly chainId: string;
  /** Time of the ledger's block 1, or of the last block of the history that goes on. */
  readonly timeMs: number;
  /** Empty where the ledger itself says who they are. */
  readonly validators: readonly (Validator & { readonly name: string })[];
  readonly ledger: GenesisDocument;
}

/** Text of `genesis.json`; the same, byte for byte, for every node of the network. */
export const formatEngineGenesis = ({ chainId, timeMs, validators, ledger }: EngineGenesis): string =>
  `${JSON.stringify(
    {
      genesis_time: new Date(timeMs).toISOString(),
      chain_id: chainId,
      initial_height: '1',
      consensus_params: {
        block: { max_bytes: String(MAX_BLOCK_BYTES), max_gas: '-1' },
        evidence: {
          max_age_num_blocks: '100000',
          max_age_duration: String(EVIDENCE_NANOSECONDS),
          max_bytes: '1048576',
        },
        validator: { pub_key_types: ['ed25519'] },
        version: { app: '1' },
        abci: { vote_extensions_enable_height: '0' },
      },
      validators: validators.map(({ name, publicKey, power }) => ({
        address: addressOf(publicKey),
        pub_key: publicKeyJson(publicKey),
        power: String(power),
        name,
      })),
      app_hash: '',
      app_state: formatGenesis(ledger),
    },
    null,
    2,
  )}\n`;

/** Puts the network's genesis into a home. @throws AppError engine_home_invalid when another one is there */
export async function writeEngineGenesis(home: string, text: string): Promise<void> {
  const file = join(home, 'config', 'genesis.json');
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there === text) return;
  if (there !== undefined) throw fail('engine_home_invalid', { field: 'genesis.json' });
  await writeWhole(file, text);
}

export interface EnginePeer {
  readonly nodeId: string;
  /** `host:port` of its p2p listener. */
  readonly address: string;
}

/** How a node without blocks trusts its way in. */
export interface StateSync {
  /** At least two JSON-RPC URLs of other nodes. */
  readonly rpcServers: readonly string[];
  /** Height and hash of a block that the operator checked with the other members. */
  readonly trustHeight: number;
  readonly trustHash: string;
}

export interface EngineConfig {
  readonly moniker: string;
  readonly socketPath: string;
  /** `host:port`. */
  readonly p2pAddress: string;
  /** `host:port`; loopback, unless other nodes join through this one. */
  readonly rpcAddress: string;
  readonly peers: readonly EnginePeer[];
  readonly stateSync?: StateSync | undefined;
  /** Pause after a block, for late votes and for operations of the next. Default 100. */
  readonly commitMilliseconds?: number;
  /** What a proposer that does not answer costs. Default 500. */
  readonly proposeMilliseconds?: number;
}

/** Writes `config.toml`; what is not in it has the engine's own default. */
export const writeEngineConfig = (home: string, config: EngineConfig): Promise<void> =>
  writeWhole(join(home, 'config', 'config.toml'), formatConfig(config));

/** A machine that dies leaves the old file or the new one. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

function formatConfig(config: EngineConfig): string {
  const { stateSync, commitMilliseconds = 100, proposeMilliseconds = 500 } = config;
  const sections: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {
    rpc: { laddr: `tcp://${config.rpcAddress}`, max_body_bytes: MAX_RPC_BODY_BYTES },
    p2p: {
      laddr: `tcp://${config.p2pAddress}`,
      persistent_peers: config.peers.map(({ nodeId, address }) => `${nodeId}@${address}`).join(','),
      persistent_peers_max_dial_period: '5s',
      // Members are named in the configuration: no node learns of others from strangers.
      pex: false,
      addr_book_strict: false,
      allow_duplicate_ip: true,
    },
    // `app` would kill a node before 0.40 on this transport.
    mempool: {
      type: 'flood',
      max_tx_bytes: MAX_ENVELOPE_BYTES,
      max_txs_bytes: MAX_MEMPOOL_BYTES,
    },
    statesync: {
      enable: stateSync !== undefined,
      rpc_servers: (stateSync?.rpcServers ?? []).join(','),
      trust_height: stateSync?.trustHeight ?? 0,
      trust_hash: stateSync?.trustHash ?? '',
      discovery_time: '5s',
    },
    consensus: {
      timeout_commit: `${commitMilliseconds}ms`,
      timeout_propose: `${proposeMilliseconds}ms`,
      create_empty_blocks: false,
    },
    // Operations are found by the ledger's own log.
    tx_index: { indexer: 'null' },
  };
  const root = {
    proxy_app: `unix://${config.socketPath}`,
    moniker: config.moniker,
    abci: 'socket',
    // Of every connection, the application is asked: a stranger would read what the read guard keeps from him.
    filter_peers: true,
    log_format: 'json',
    // A handful of lines for every block would fill a disk in weeks.
    log_level: 'consensus:error,state:error,*:info',
  };
  return [
    lines(root),
    ...Object.entries(sections).map(([name, values]) => `[${name}]\n${lines(values)}`),
  ].join('\n');
}

/** A JSON string is a TOML basic string too. */
const lines = (values: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('');
