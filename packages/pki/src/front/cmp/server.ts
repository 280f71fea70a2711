import {
  type Bytes,
  type Clock,
  equalBytes,
  isAppError,
  type Logger,
  type Random,
  unixSeconds,
} from '@attestel/core';
import type { Enrolment } from '../enrolment.ts';
import { fail } from '../errors.ts';
import type { CertifiedRequester, PeerTrust } from '../peer-trust.ts';
import { type Context, confirm, enrol, inform, revoke } from './exchanges.ts';
import { failureOf } from './fail-info.ts';
import { BODY, type CmpMessage, parseCmpMessage } from './message.ts';
import { verifyProtection, verifyProtectionBy } from './protection.ts';
import { createTransactions } from './transactions.ts';
import {
  type Body,
  type CmpSigner,
  confirmedBody,
  errorBody,
  NOBODY,
  type PreparedSigner,
  prepareSigner,
  writeCmpMessage,
} from './write-message.ts';

export interface CmpServerOptions {
  readonly enrolment: Enrolment;
  readonly trust: PeerTrust;
  /** The same object until it changes. */
  readonly signer: () => CmpSigner;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Whether devices may do without certConf where they ask to (RFC 9483 §4.1.1). */
  readonly allowsImplicitConfirm?: boolean;
  /** Seconds that the time of a message may be off. */
  readonly timeTolerance?: number;
  readonly transactionLimit?: number;
}

export interface CmpServer {
  /** What is wrong becomes an error message. @throws AppError only where the server's own key fails */
  respond(request: Bytes, label: string | undefined): Promise<CmpAnswer>;
}

export interface CmpAnswer {
  /** DER PKIMessage. */
  readonly der: Bytes;
  /** The request was no CMP message at all. */
  readonly isUnreadable: boolean;
}

/** Seconds in which a certificate must be confirmed. Longer than the tolerance, so that nothing replays. */
export const CONFIRMATION_SECONDS = 900;
const NONCE = { min: 16, max: 64 } as const;

/**
 * CMP in the shape of TS 33.310 clause 9 and RFC 9483: signed both ways, one certificate a transaction.
 * @throws AppError cmp_signer_mismatch, certificate_*
 */
export function createCmpServer(options: CmpServerOptions): CmpServer {
  const { enrolment, clock, random, logger, timeTolerance = 300 } = options;
  const signer = rememberSigner(options.signer);
  signer();
  const transactions = createTransactions({
    limit: options.transactionLimit ?? 10_000,
    lifetime: CONFIRMATION_SECONDS,
    onExpired: (issued) => {
      enrolment.discard(issued).catch(() => logger.error('cmp discard failed'));
    },
  });

  const answer = async (message: CmpMessage, label: string | undefined): Promise<[Body, Context]> => {
    const now = unixSeconds(clock);
    const transactionId = checkHeader(message, now, timeTolerance);
    const nonce = random.bytes(NONCE.min);
    const base = { enrolment, transactions, message, transactionId, now, nonce, label };
    const context: Context = { ...base, allowsImplicitConfirm: options.allowsImplicitConfirm ?? true };
    if (message.kind === BODY.certConf || message.kind === BODY.error) {
      return [await conclude(context), context];
    }
    const requester = identify(message, now);
    transactions.begin(transactionId, now);
    return [await exchange(context, requester), context];
  };

  const conclude = async (context: Context): Promise<Body> => {
    const { message, transactionId, now } = context;
    const open = transactions.find(transactionId, now);
    if (!open) throw fail('cmp_transaction_unknown');
    verifyProtectionBy(message, open.signer);
    const { recipientNonce } = message.header;
    if (!recipientNonce || !equalBytes(recipientNonce, open.nonce)) throw fail('cmp_recipient_nonce');
    transactions.close(transactionId);
    if (message.kind === BODY.certConf) return confirm(context, open);
    await enrolment.discard(open.issued);
    return confirmedBody;
  };

  const identify = (message: CmpMessage, now: number): CertifiedRequester =>
    options.trust.identify(verifyProtection(message), message.extraCerts.slice(1), now);

  return {
    async respond(request, label) {
      let message: CmpMessage | undefined;
      let outcome: Body;
      let context: Context | undefined;
      try {
        message = parseCmpMessage(request);
        [outcome, context] = await answer(message, label);
      } catch (error) {
        const { failure, text } = failureOf(error);
        const code = isAppError(error) ? error.code : 'internal';
        logger.warn('cmp request refused', { code, failure });
        outcome = errorBody(failure, text);
      }
      const { header } = message ?? {};
      const der = await writeCmpMessage(
        {
          version: header?.version === 3 ? 3 : 2,
          recipient: header?.senderName ?? NOBODY,
          time: unixSeconds(clock),
          transactionId: header?.transactionId,
          senderNonce: context?.nonce ?? random.bytes(NONCE.min),
          recipientNonce: header?.senderNonce,
          grantsImplicitConfirm: context?.isImplicitlyConfirmed ?? false,
        },
        outcome,
        signer(),
      );
      return { der, isUnreadable: message === undefined };
    },
  };
}

function rememberSigner(current: () => CmpSigner): () => PreparedSigner {
  let known: { readonly of: CmpSigner; readonly prepared: PreparedSigner } | undefined;
  return () => {
    const of = current();
    if (known?.of !== of) known = { of, prepared: prepareSigner(of) };
    return known.prepared;
  };
}

/** RFC 9483 §3.5: version, identifiers and time, before any signature is looked at. */
function checkHeader({ header }: CmpMessage, now: number, tolerance: number): Bytes {
  const { version, transactionId, senderNonce, messageTime } = header;
  if (version !== 2 && version !== 3) throw fail('cmp_version');
  if (!isSized(transactionId)) throw fail('cmp_transaction_id');
  if (!isSized(senderNonce)) throw fail('cmp_sender_nonce');
  if (messageTime !== undefined && Math.abs(messageTime - now) > tolerance) throw fail('cmp_time');
  return transactionId;
}

const isSized = (octets: Bytes | undefined): octets is Bytes =>
  octets !== undefined && octets.length >= NONCE.min && octets.length <= NONCE.max;

function exchange(context: Context, requester: CertifiedRequester): Promise<Body> | Body {
  switch (context.message.kind) {
    case BODY.ir:
    case BODY.cr:
    case BODY.kur:
    case BODY.p10cr:
      return enrol(context, requester);
    case BODY.rr:
      return revoke(context, requester);
    case BODY.genm:
      return inform(context);
    default:
      throw fail('cmp_body');
  }
}
