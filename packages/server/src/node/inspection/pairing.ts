import {
  type Clock,
  encodeCbor,
  equalBytes,
  fromBase64url,
  isAppError,
  multikeyFromText,
  type Random,
  type Store,
  toBase64url,
  toHex,
  unixSeconds,
} from '@attestel/core';
import { createDid, type DidResolver, joinSignatures } from '@attestel/did';
import { decodeOperation, type Ledger, type Operation } from '@attestel/ledger';
import { type ContractHost, CREDENTIAL_MODULE, instantText } from '@attestel/scenarios';
import { fail } from '../../errors.ts';
import type { Appointment, BeginPairing, CompletePairing } from './pairing.schema.ts';
import {
  forgetExpired,
  type Inspector,
  type Invite,
  type PhoneDraft,
  readInspector,
  readInvite,
  writeInspector,
  writeInvite,
} from './pairing-records.ts';

export interface PairingPorts {
  readonly host: Pick<ContractHost, 'run'>;
  readonly ledger: Pick<Ledger, 'submit' | 'network'>;
  readonly resolver: DidResolver;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** The member, and the channel it appoints inspectors in. */
  readonly member: string;
  readonly channel: string;
}

/** What a phone is to sign: its DID's genesis and first document, which it checks itself. */
export interface PairingDraft extends Pick<PhoneDraft, 'did' | 'genesis' | 'attachment'> {
  readonly network: string;
  /** Last block time, unix seconds, for the operation. */
  readonly notAfter: number;
}

export interface Pairing {
  /** A secret that one phone can use, and when it ends. */
  invite(appointment: Appointment): Promise<{ readonly code: string; readonly expires: number }>;
  /** Binds the invitation to the phone's keys. @throws AppError invite_unknown, invite_expired, invite_used */
  begin(request: BeginPairing): Promise<PairingDraft>;
  /** Appoints the phone and puts its DID on the ledger; may be repeated. @throws AppError, also of host and ledger */
  complete(request: CompletePairing): Promise<Inspector>;
  find(did: string): Inspector | undefined;
}

const INVITE_SECONDS = 900;
/** How long what one phone has begun may be finished. */
const GRACE_SECONDS = 3600;
const OPERATION_SECONDS = 600;
const METHOD = 'key-1';

export function createPairing(ports: PairingPorts): Pairing {
  const { store, clock, random } = ports;
  return {
    async invite(appointment) {
      const now = unixSeconds(clock);
      if (appointment.until <= now) throw fail('inspection_request_invalid', { field: '/until' });
      const code = toBase64url(random.bytes(16));
      const expires = now + INVITE_SECONDS;
      const credential = toHex(random.bytes(16));
      await store.transact((writer) => {
        forgetExpired(writer, now - GRACE_SECONDS);
        writeInvite(writer, code, { appointment, expires, credential, phone: null });
      });
      return { code, expires };
    },
    async begin({ code, ...keys }) {
      const now = unixSeconds(clock);
      // Anybody may ask: who has no invitation costs no write.
      openInvite(readInvite(store, code), now);
      return store.transact((writer) => {
        const invite = openInvite(readInvite(writer, code), now);
        const phone = invite.phone ?? draftOf(ports, keys);
        if (!isSamePhone(phone, keys)) throw fail('invite_used');
        if (!invite.phone) writeInvite(writer, code, { ...invite, phone });
        const { did, genesis, attachment } = phone;
        const notAfter = now + OPERATION_SECONDS;
        return { did, genesis, attachment, network: ports.ledger.network, notAfter };
      });
    },
    complete: (request) => complete(ports, request),
    find: (did) => readInspector(store, did),
  };
}

function openInvite(invite: Invite | undefined, now: number): Invite {
  if (!invite) throw fail('invite_unknown');
  if (now >= invite.expires + (invite.phone ? GRACE_SECONDS : 0)) throw fail('invite_expired');
  return invite;
}

/** The phone's DID: it alone controls it, now and next; it signs calls and nothing on the ledger. */
function draftOf({ ledger, random }: PairingPorts, keys: Omit<BeginPairing, 'code'>): PhoneDraft {
  const created = createDid({
    network: ledger.network,
    controlKey: [],
    cosigners: [multikeyFromText(keys.control)],
    nextKeys: [],
    nextCommitments: [keys.next],
    ledgerKeys: [],
    document: {
      verificationMethods: [
        { fragment: METHOD, key: multikeyFromText(keys.key), relationships: ['authentication'] },
      ],
    },
    random,
  });
  return {
    ...{ key: keys.key, control: keys.control, next: toBase64url(keys.next), did: created.did },
    genesis: toBase64url(created.genesis),
    attachment: toBase64url(created.attachment),
  };
}

const isSamePhone = (phone: PhoneDraft, keys: Omit<BeginPairing, 'code'>): boolean =>
  phone.key === keys.key && phone.control === keys.control && phone.next === toBase64url(keys.next);

async function complete(ports: PairingPorts, request: CompletePairing): Promise<Inspector> {
  const { store, clock } = ports;
  const invite = openInvite(readInvite(store, request.code), unixSeconds(clock));
  if (!invite.phone) throw fail('invite_unknown');
  const operation = operationOf(invite.phone, request);
  const inspector = { ...invite.appointment, did: invite.phone.did, credential: invite.credential };
  // First what may be refused for good: a DID that nobody appointed would stay on the ledger.
  await appoint(ports, inspector);
  await register(ports, inspector.did, operation);
  await store.transact((writer) => writeInspector(writer, inspector));
  return inspector;
}

/** The phone's signature under exactly what was drafted for it. @throws AppError pairing_differs, signature_invalid */
function operationOf(phone: PhoneDraft, { payload, signature }: CompletePairing): Operation {
  const signatures = [[multikeyFromText(phone.control), signature]];
  const bytes = encodeCbor([payload, signatures, fromBase64url(phone.attachment)]);
  const operation = joinSignatures([decodeOperation(bytes)]);
  const { module, kind, actor, body } = operation.payload;
  const genesis = body.genesis;
  const isDrafted =
    module === 'did' &&
    kind === 'create' &&
    actor === phone.did &&
    genesis instanceof Uint8Array &&
    equalBytes(genesis, fromBase64url(phone.genesis));
  if (!isDrafted) throw fail('pairing_differs');
  return operation;
}

async function appoint({ host, member, channel }: PairingPorts, inspector: Inspector): Promise<void> {
  const { did, credential, province, until } = inspector;
  const claims = { type: 'Inspector', subject: did, keeper: member, claims: { province } };
  const data = { ...claims, validUntil: instantText(until) };
  const request = {
    channel,
    module: `${CREDENTIAL_MODULE}@1`,
    command: 'issue',
    id: credential,
    actor: member,
  };
  await host.run({ ...request, data }).catch((error: unknown) => {
    if (!(isAppError(error) && error.code === 'already_exists')) throw error;
  });
}

/** Whoever came first has registered it: its answer was lost. */
async function register(
  { ledger, resolver }: PairingPorts,
  did: string,
  operation: Operation,
): Promise<void> {
  const isThere = async () => (await resolver.resolve(did)).didDocument !== null;
  if (await isThere()) return;
  const [result] = await ledger.submit([operation]);
  if (result?.ok === false && !(await isThere())) throw result.error;
}
