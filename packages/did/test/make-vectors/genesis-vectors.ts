import {
  type Bytes,
  type CborValue,
  canonicalizeJson,
  decodeCbor,
  encodeCbor,
  type JsonValue,
  toHex,
} from '@attestel/core';
import { documentCommitment, encodeAttachment, parseAttachment } from '../../src/document/attachment.ts';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import { type CreateDidRequest, type CreatedDid, createDid, didOfGenesis } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { publicKeyOf, seededRandom, seededSigner } from '../fakes/seeded.ts';

const SOURCE = 'specs/did-mno.md §4, §5; made by packages/did/test/make-vectors/generate.ts';

const base = (name: string, changes: Partial<CreateDidRequest> = {}): CreateDidRequest => ({
  network: 'test',
  controlKey: seededSigner(`${name}/1`),
  nextKeys: [publicKeyOf(`${name}/2`)],
  ledgerKeys: [['ledger-1', publicKeyOf(`${name}/ledger`)]],
  document: {
    verificationMethods: [
      {
        fragment: 'key-1',
        key: publicKeyOf(`${name}/key`, 'ES256'),
        relationships: ['authentication', 'assertionMethod'],
      },
    ],
    services: [{ fragment: 'issuer', type: 'CredentialIssuer', serviceEndpoint: 'https://issuer.example' }],
  },
  random: seededRandom(name),
  ...changes,
});

function accepted(name: string, request: CreateDidRequest) {
  const { did, document, genesis, attachment } = createDid(request);
  const { salt, template } = parseAttachment(attachment, request.network);
  return {
    name,
    network: request.network,
    genesis: toHex(genesis),
    salt: toHex(salt),
    template,
    attachment: toHex(attachment),
    did,
    document,
  };
}

/** Genesis and documents that must be accepted or refused, with reason. */
export function genesisVectors() {
  const operator = createDid(base('vector-operator'));
  return {
    source: SOURCE,
    accepted: [
      accepted('operator on a test network', base('vector-operator')),
      accepted('the same on the main network', base('vector-operator', { network: 'main' })),
      accepted(
        'nothing in the document',
        base('vector-bare', { ledgerKeys: [], document: { verificationMethods: [] } }),
      ),
      accepted(
        'two of three P-256 control keys, two ledger keys, recovery commitment',
        base('vector-threshold', {
          controlKey: ['a', 'b', 'c'].map((n) => seededSigner(`vector-threshold/1${n}`, 'ES256')),
          threshold: 2,
          nextKeys: ['a', 'b', 'c'].map((n) => publicKeyOf(`vector-threshold/2${n}`, 'ES256')),
          nextThreshold: 2,
          ledgerKeys: [
            ['ledger-2', publicKeyOf('vector-threshold/l2', 'ES256')],
            ['ledger-1', publicKeyOf('vector-threshold/l1')],
          ],
          recovery: seededRandom('vector-recovery').bytes(32),
        }),
      ),
    ],
    rejected: [...rejectedGenesis(operator), ...rejectedDocuments(operator)],
  };
}

function rejectedGenesis(operator: CreatedDid) {
  const fields = decodeCbor(operator.genesis) as { readonly [field: string]: CborValue };
  const changed = (name: string, code: string, changes: Readonly<Record<string, CborValue>>) => {
    const genesis = encodeCbor({ ...fields, ...changes });
    return rejected(name, code, didOfGenesis('test', genesis, sha256), genesis, operator.attachment);
  };
  const control = publicKeyOf('vector-operator/1');
  const { next: _, ...withoutNext } = fields;
  const noNext = encodeCbor(withoutNext);
  return [
    rejected(
      'DID of another genesis',
      'genesis_mismatch',
      createDid(base('vector-bare')).did,
      operator.genesis,
      operator.attachment,
    ),
    rejected(
      'genesis made for another network',
      'wrong_network',
      didOfGenesis('other', operator.genesis, sha256),
      operator.genesis,
      operator.attachment,
    ),
    changed('unknown version', 'invalid_genesis', { v: 2 }),
    changed('unknown field', 'invalid_genesis', { extra: null }),
    changed('nonce of 15 bytes', 'invalid_genesis', { nonce: new Uint8Array(15) }),
    changed('zero threshold', 'invalid_genesis', { threshold: 0 }),
    changed('threshold above the number of keys', 'invalid_genesis', { threshold: 2 }),
    changed('one control key listed twice', 'invalid_genesis', { keys: [control, control] }),
    changed('empty list of commitments', 'invalid_genesis', { next: [] }),
    rejected(
      'no list of commitments',
      'invalid_genesis',
      didOfGenesis('test', noNext, sha256),
      noNext,
      operator.attachment,
    ),
    changed('zero threshold for the next keys', 'invalid_genesis', { nextThreshold: 0 }),
    changed('recovery commitment of 31 bytes', 'invalid_genesis', { recovery: new Uint8Array(31) }),
    changed('a control key committed to again', 'key_reused', {
      next: [...commitNextKeys([control], sha256)],
    }),
    changed('a control key as ledger key', 'key_reused', { ledgerKeys: [['ledger-1', control]] }),
    changed('ledger keys that the document does not have', 'document_mismatch', { ledgerKeys: [] }),
    changed('commitment to another document', 'document_mismatch', { document: new Uint8Array(32) }),
  ];
}

/** Documents that their genesis commits to and validators refuse all the same. */
function rejectedDocuments(operator: CreatedDid) {
  const fields = decodeCbor(operator.genesis) as { readonly [field: string]: CborValue };
  const { salt, template } = parseAttachment(operator.attachment, 'test');
  const withTemplate = (
    name: string,
    members: { readonly [member: string]: JsonValue },
    code = 'invalid_document',
  ) => {
    const attachment = { salt, template: { ...template, ...members } } as Parameters<
      typeof encodeAttachment
    >[0];
    const genesis = encodeCbor({ ...fields, document: documentCommitment(attachment, sha256) });
    return rejected(name, code, didOfGenesis('test', genesis, sha256), genesis, encodeAttachment(attachment));
  };
  const spaced = canonicalizeJson(template as unknown as JsonValue).replace('{', '{ ');
  const service = (serviceEndpoint: string) => ({
    service: [{ id: '#issuer', type: 'CredentialIssuer', serviceEndpoint }],
  });
  return [
    withTemplate('absolute id', { authentication: [`${operator.did}#key-1`] }),
    withTemplate('reference to no method', { authentication: ['#key-2'] }),
    withTemplate('unknown member', { keyAgreement: ['#key-1'] }),
    withTemplate('service over plain http', service('http://issuer.example')),
    withTemplate('service with user information', service('https://localhost@issuer.example')),
    withTemplate('phone number as alsoKnownAs', { alsoKnownAs: ['tel:+15550100'] }),
    withTemplate(
      'capabilityInvocation beyond the ledger keys',
      { capabilityInvocation: ['#key-1', '#ledger-1'] },
      'document_mismatch',
    ),
    rejected(
      'template with white space',
      'invalid_document',
      operator.did,
      operator.genesis,
      encodeCbor({ salt, document: spaced }),
    ),
    rejected(
      'attachment without salt',
      'invalid_document',
      operator.did,
      operator.genesis,
      encodeCbor({ document: spaced }),
    ),
  ];
}

const rejected = (name: string, code: string, did: string, genesis: Bytes, attachment: Bytes) => ({
  name,
  code,
  did,
  genesis: toHex(genesis),
  attachment: toHex(attachment),
});
