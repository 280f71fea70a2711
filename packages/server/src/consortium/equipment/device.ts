import { type Bytes, utf8 } from '@attestel/core';
import {
  type CertificateRole,
  certificateHash,
  keyStoreSigningKey,
  type Publisher,
  type PublishRequest,
  possessionStatement,
  type SigningKey,
} from '@attestel/pki';
import { fail } from '../../errors.ts';
import type { EquipmentContext } from './equipment-context.ts';

const TABLE = 'equipment';

/** A device's own key, made once. */
export async function deviceKey({ devices }: EquipmentContext, name: string): Promise<SigningKey> {
  const ref = `device/${name.toLowerCase()}`;
  if (!(await devices.keyStore.find(ref))) {
    await devices.keyStore.generate({ purpose: 'holder', algorithm: 'ES256', ref });
  }
  return keyStoreSigningKey(devices.keyStore, ref);
}

interface Publication extends Pick<PublishRequest, 'anchor' | 'batch'> {
  readonly role: CertificateRole;
  readonly publisher: Publisher;
  /** Makes the certificate for the device's key. */
  readonly certify: (key: SigningKey) => Promise<Bytes>;
}

/**
 * The device's certificate, made and published once. It is kept before it is published: a crash in between publishes
 * the same one. @throws AppError provisioning_refused, and what publishing throws
 */
export async function ensurePublished(
  context: EquipmentContext,
  name: string,
  { role, publisher, anchor, batch, certify }: Publication,
): Promise<Bytes> {
  const { devices, pki, world } = context;
  const key = await deviceKey(context, name);
  const known = devices.store.get(TABLE, utf8(name));
  const certificate = known ?? (await certify(key));
  if (!known) await devices.store.transact((writer) => writer.put(TABLE, utf8(name), certificate));
  const hash = certificateHash(certificate);
  if (pki.certificate(hash)) return certificate;
  const { id: challenge } = await publisher.challenge();
  const statement = { network: world.network, challenge, certificate: hash, submitter: publisher.did };
  const possession = await key.sign(possessionStatement(statement));
  const { results } = await publisher.publish({
    ...{ role, anchor, batch, challenge, intermediates: [], source: null },
    items: [{ certificate, possession, replaces: null, origin: null }],
  });
  const [result] = results;
  if (!result?.ok) throw fail('provisioning_refused', { field: name, detail: result?.code ?? '' });
  return certificate;
}
