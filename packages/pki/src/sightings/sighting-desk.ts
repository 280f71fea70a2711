import {
  type Bytes,
  type Clock,
  fromHex,
  isAppError,
  type Logger,
  type Signer,
  unixSeconds,
} from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { buildPkiOperation } from '../build/build-operation.ts';
import { fail } from '../errors.ts';
import { epochOf } from '../rules/sightings.ts';
import { PKI_MODULE } from '../state/records.ts';
import type { Pki } from '../types.ts';
import { createCloneDetector, type Seen, type Sighting } from './clone-detector.ts';
import { createVisitorTokens } from './visitor-tokens.ts';

export interface SightingDeskOptions {
  readonly ledger: Pick<Ledger, 'network' | 'submit' | 'onBlock'>;
  readonly pki: Pick<Pki, 'checkHash' | 'anchor' | 'batch' | 'now'>;
  /** The operator, and its ledger key. */
  readonly did: string;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 120. */
  readonly overlapSeconds?: number | undefined;
}

/** Where an operator's gateways say which certificates hold tunnels: finds keys that are in two places and suspends them. */
export interface SightingDesk {
  /** All tunnels of one gateway. Answers when what follows from it stands in the ledger. */
  report(gateway: string, sightings: readonly Sighting[]): Promise<{ readonly suspended: readonly string[] }>;
  stop(): void;
}

const OVERLAP_SECONDS = 120;
const FORGET_SECONDS = 180;
const OPERATION_SECONDS = 600;
/** Tokens of one operation. */
const MAX_TOKENS = 1000;

export function createSightingDesk(options: SightingDeskOptions): SightingDesk {
  const { ledger, pki, did, logger, overlapSeconds = OVERLAP_SECONDS } = options;
  const detector = createCloneDetector({ overlapSeconds, forgetSeconds: FORGET_SECONDS });
  const visitors = createVisitorTokens();
  const stop = ledger.onBlock(({ operations }) => {
    for (const { operation } of operations) {
      const { module, kind, actor, body } = operation.payload;
      if (module !== PKI_MODULE || kind !== 'sighting.report' || actor === did) continue;
      visitors.heard(body.epoch as number, body.tokens as readonly Bytes[]);
    }
  });
  const send = async (kind: string, body: Parameters<typeof buildPkiOperation>[0]['body']): Promise<void> => {
    const notAfter = Math.max(pki.now(), unixSeconds(options.clock)) + OPERATION_SECONDS;
    const operation = await buildPkiOperation({
      ...{ kind, body, actor: did, network: ledger.network, notAfter },
      signers: [options.signer],
    });
    const [result] = await ledger.submit([operation]);
    if (!result) throw fail('pki_nothing_accepted');
    if (!result.ok) throw result.error;
  };
  /** Whoever may not suspend it, or comes too late, says so in its own log; the other operator decides for itself. */
  const suspend = async (certificate: string): Promise<boolean> => {
    try {
      const certificates = [fromHex(certificate)];
      await send('status.suspend', { v: 1, certificates, reason: 'clone-detected' });
      logger.warn('clone_suspended', { certificate });
      return true;
    } catch (error) {
      if (!isAppError(error)) throw error;
      logger.error('clone_not_suspended', { certificate, cause: error.code });
      return false;
    }
  };
  const tell = async (live: readonly Seen[], now: number): Promise<void> => {
    const visiting = live.filter(({ certificate }) => isVisitor(options, fromHex(certificate)));
    const tokens = visitors.take(visiting, now);
    for (let at = 0; at < tokens.length; at += MAX_TOKENS) {
      await send('sighting.report', { v: 1, epoch: epochOf(now), tokens: tokens.slice(at, at + MAX_TOKENS) });
    }
  };
  return {
    stop,
    async report(gateway, sightings) {
      const now = unixSeconds(options.clock);
      detector.report(gateway, sightings, now);
      const live = detector.live(now);
      const elsewhere = live
        .filter((seen) => visitors.isElsewhere(seen, now))
        .map((seen) => seen.certificate);
      const clones = new Set([...detector.clones(now), ...elsewhere]);
      const suspended: string[] = [];
      for (const certificate of clones) {
        // One that is not good ends by that; agents are at it.
        if (pki.checkHash(fromHex(certificate)).verdict !== 'good') continue;
        if (await suspend(certificate)) suspended.push(certificate);
      }
      await tell(live, now);
      return { suspended };
    },
  };
}

/** Of another's anchor, and not from a batch for this operator: its owner looks for it in the log. */
function isVisitor({ pki, did }: SightingDeskOptions, certificate: Bytes): boolean {
  const { record } = pki.checkHash(certificate);
  if (!record) return false;
  const destination = record.batch && pki.batch(record.batch)?.destination;
  return (destination ?? pki.anchor(record.anchor)?.scope.owner) !== did;
}
