import { multikeyToText, type Random, systemClock, systemRandom, toHex } from '@attestel/core';
import { createDid, type DocumentContent, ensureControlKeys } from '@attestel/did';
import type {
  DIDDocument,
  IAgentContext,
  IDIDManager,
  IIdentifier,
  IKey,
  IKeyManager,
  IService,
} from '@veramo/core-types';
import { AbstractIdentifierProvider } from '@veramo/did-manager';
import {
  type Content,
  type Controlled,
  type DidControl,
  deactivateDid,
  notAfter,
  rotateDid,
  updateDid,
} from './did-control.ts';
import { fail } from './errors.ts';
import { onlyKnown } from './known-options.ts';
import { type Method, methodOf } from './method-of-key.ts';
import { fragmentOf, serviceContent } from './service-content.ts';

type Context = IAgentContext<IKeyManager>;

export interface MnoIdentifierProviderOptions extends Omit<DidControl, 'clock' | 'random'> {
  /** Label of the ledger's network, `main` where DIDs have none. */
  readonly network: string;
  /** Key management system of verification keys, unless the caller names another. */
  readonly defaultKms: string;
  readonly clock?: DidControl['clock'];
  readonly random?: Random;
}

export interface CreateIdentifierOptions {
  /** Of the first verification key. Default `Secp256r1`. */
  readonly keyType?: 'Ed25519' | 'Secp256r1';
  readonly services?: readonly IService[];
}

const RELATIONSHIPS = ['authentication', 'assertionMethod', 'capabilityDelegation'] as const;
const DEFAULT_RELATIONSHIPS = ['authentication', 'assertionMethod'] as const;

/**
 * did:mno for Veramo's DID manager. Verification keys live in Veramo's key manager. Control keys live in
 * a key store of ours, so that no plugin of an agent can sign with them: `controllerKeyId` of an identifier is the
 * name they begin with. Each change goes to the ledger and is executed when the promise resolves.
 */
export class MnoIdentifierProvider extends AbstractIdentifierProvider {
  readonly #network: string;
  readonly #defaultKms: string;
  readonly #control: DidControl;

  constructor({ network, defaultKms, clock, random, ...control }: MnoIdentifierProviderOptions) {
    super();
    this.#network = network;
    this.#defaultKms = defaultKms;
    this.#control = { ...control, clock: clock ?? systemClock, random: random ?? systemRandom };
  }

  /** @throws AppError option_unknown, service_unsupported; what the ledger refuses with. Its keys then stay unused. */
  async createIdentifier(
    args: { kms?: string; alias?: string; options?: CreateIdentifierOptions },
    context: Context,
  ): Promise<Omit<IIdentifier, 'provider'>> {
    const { keyType = 'Secp256r1', services = [] } = onlyKnown(args.options, [
      'providerName',
      'keyType',
      'services',
    ]) as CreateIdentifierOptions;
    const prefix = `veramo/${toHex(this.#control.random.bytes(8))}`;
    const [controlKey, nextKey] = [await this.#controlKey(prefix, 1), await this.#controlKey(prefix, 2)];
    const kms = args.kms ?? this.#defaultKms;
    const key = await context.agent.keyManagerCreate({ kms, type: keyType });
    const created = createDid({
      network: this.#network,
      controlKey,
      nextKeys: [nextKey.publicKey],
      ledgerKeys: [],
      document: {
        verificationMethods: [methodOf(key, DEFAULT_RELATIONSHIPS)],
        // The DID is the hash of this, so services cannot name it yet.
        services: services.map((service) => serviceContent('', service)),
      },
      random: this.#control.random,
    });
    await this.#control.registrar.submit(await created.toOperation(notAfter(this.#control)));
    return { did: created.did, controllerKeyId: prefix, keys: [key], services: [...services] };
  }

  /** Replaces services or `alsoKnownAs`; keys have methods of their own. @throws AppError option_unknown */
  override async updateIdentifier(
    { did, document }: { did: string; document: Partial<DIDDocument> },
    context: IAgentContext<IKeyManager & IDIDManager>,
  ): Promise<IIdentifier> {
    const {
      id = did,
      service,
      alsoKnownAs,
    } = onlyKnown(document, ['id', 'service', 'alsoKnownAs']) as Partial<DIDDocument>;
    if (id !== did) throw fail('option_unknown', { field: 'id' });
    const identifier = await context.agent.didManagerGet({ did });
    const services = service?.map((each) => serviceContent(did, each as IService));
    await this.#edit(identifier, (content) => ({
      ...content,
      ...(services && { services }),
      ...(alsoKnownAs && { alsoKnownAs }),
    }));
    return service ? { ...identifier, services: service as IService[] } : identifier;
  }

  /** Deactivates the DID, for ever, and deletes its keys from the key manager. */
  async deleteIdentifier(identifier: IIdentifier, context: Context): Promise<boolean> {
    await deactivateDid(this.#control, controlledOf(identifier));
    for (const { kid } of identifier.keys) await context.agent.keyManagerDelete({ kid });
    return true;
  }

  /** @throws AppError key_unsupported, option_unknown */
  async addKey({
    identifier,
    key,
    options,
  }: {
    identifier: IIdentifier;
    key: IKey;
    options?: object;
  }): Promise<{ id: string }> {
    const { relationships = DEFAULT_RELATIONSHIPS } = onlyKnown(options, ['relationships']) as {
      relationships?: Method['relationships'];
    };
    if (relationships.some((name) => !RELATIONSHIPS.includes(name))) {
      throw fail('option_unknown', { field: 'relationships' });
    }
    const method = methodOf(key, relationships);
    await this.#edit(identifier, (content) => ({
      ...content,
      verificationMethods: [...content.verificationMethods, method],
    }));
    return { id: `${identifier.did}#${method.fragment}` };
  }

  /** @throws AppError key_unknown */
  async removeKey({
    identifier,
    kid,
    options,
  }: {
    identifier: IIdentifier;
    kid: string;
    options?: object;
  }): Promise<boolean> {
    onlyKnown(options, []);
    const key = identifier.keys.find((each) => each.kid === kid);
    if (key === undefined) throw fail('key_unknown');
    const { fragment: name } = methodOf(key, []);
    await this.#edit(identifier, (content) => ({
      ...content,
      verificationMethods: without(
        content.verificationMethods,
        (each) => multikeyToText(each.key) === name,
        'key_unknown',
      ),
    }));
    return true;
  }

  /** @throws AppError service_unsupported */
  async addService({
    identifier,
    service,
    options,
  }: {
    identifier: IIdentifier;
    service: IService;
    options?: object;
  }): Promise<boolean> {
    onlyKnown(options, []);
    const added = serviceContent(identifier.did, service);
    await this.#edit(identifier, (content) => ({
      ...content,
      services: [...(content.services ?? []), added],
    }));
    return true;
  }

  /** @throws AppError service_unknown */
  async removeService({
    identifier,
    id,
    options,
  }: {
    identifier: IIdentifier;
    id: string;
    options?: object;
  }): Promise<boolean> {
    onlyKnown(options, []);
    const name = fragmentOf(identifier.did, id);
    await this.#edit(identifier, (content) => ({
      ...content,
      services: without(content.services ?? [], ({ fragment }) => fragment === name, 'service_unknown'),
    }));
    return true;
  }

  /** Changes the control key and nothing else: for when the one committed to may have been seen. */
  async rotate(identifier: Pick<IIdentifier, 'did' | 'controllerKeyId'>): Promise<void> {
    await rotateDid(this.#control, controlledOf(identifier));
  }

  override matchPrefix(prefix: string): boolean {
    return prefix === 'did:mno' || prefix.startsWith('did:mno:');
  }

  #edit(identifier: IIdentifier, edit: (document: DocumentContent) => DocumentContent) {
    const whole = (content: Content): Content => ({ ...content, document: edit(content.document) });
    return updateDid(this.#control, controlledOf(identifier), whole);
  }

  async #controlKey(prefix: string, version: number) {
    const request = { prefix, version, count: 1, algorithm: 'EdDSA' } as const;
    const [signer] = await ensureControlKeys(this.#control.keyStore, request);
    if (signer === undefined) throw fail('control_key_missing');
    return signer;
  }
}

/** An identifier that another provider or agent made names no keys here. @throws AppError control_key_missing */
function controlledOf({ did, controllerKeyId }: Pick<IIdentifier, 'did' | 'controllerKeyId'>): Controlled {
  if (controllerKeyId === undefined) throw fail('control_key_missing');
  return { did, prefix: controllerKeyId };
}

function without<Item>(
  list: readonly Item[],
  isMeant: (item: Item) => boolean,
  code: 'key_unknown' | 'service_unknown',
): readonly Item[] {
  if (!list.some(isMeant)) throw fail(code);
  return list.filter((item) => !isMeant(item));
}
