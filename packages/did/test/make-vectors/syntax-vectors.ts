import { toBase58, toHex } from '@attestel/core';
import { formatDid } from '../../src/index.ts';
import { digestOf } from '../fakes/seeded.ts';

const SOURCE = 'specs/did-mno.md §3; made by packages/did/test/make-vectors/generate.ts';

/** DIDs and DID URLs that are and are not of this method. */
export function syntaxVectors() {
  const digest = digestOf('vector-syntax');
  const did = formatDid('main', digest);
  const scid = did.slice('did:mno:'.length);
  const accepted = ['main', 'test', 'a', 'cn-east-1', 'abcdefghijklmnop'].map((network) => ({
    did: formatDid(network, digest),
    network,
    digest: toHex(digest),
  }));
  const other = (code: number, length: number, bytes: Uint8Array): string =>
    `did:mno:z${toBase58(Uint8Array.of(code, length, ...bytes))}`;
  return {
    source: SOURCE,
    accepted,
    rejected: [
      { did: `did:mno:main:${scid}`, reason: 'the main network has no label' },
      { did: `did:mno:Test:${scid}`, reason: 'labels are lower case' },
      { did: `did:mno:1a:${scid}`, reason: 'labels start with a letter' },
      { did: `did:mno:${'a'.repeat(17)}:${scid}`, reason: 'labels have at most 16 characters' },
      { did: `did:mno::${scid}`, reason: 'an empty label is none' },
      { did: `did:mno:a:b:${scid}`, reason: 'there is one label' },
      { did: `DID:mno:${scid}`, reason: 'the scheme is lower case' },
      { did: `did:MNO:${scid}`, reason: 'the method name is lower case' },
      { did: `did:mno%3A${scid}`, reason: 'nothing is percent-encoded' },
      { did: `did:mno%3a${scid}`, reason: 'nothing is percent-encoded' },
      { did: `did:mno:%2e%2e:${scid}`, reason: 'nothing is percent-encoded' },
      { did: `${did}%23key-1`, reason: 'a fragment is not part of the identifier' },
      { did: `${did}#key-1`, reason: 'a DID URL is not a DID' },
      { did: `${did}?versionId=1`, reason: 'a DID URL is not a DID' },
      { did: `${did}/path`, reason: 'a DID URL is not a DID' },
      { did: `${did}:`, reason: 'nothing follows the hash' },
      { did: `${did}\n`, reason: 'nothing follows the hash' },
      { did: did.slice(0, -1), reason: 'the hash has 47 characters' },
      { did: `${did}1`, reason: 'the hash has 47 characters' },
      { did: did.replace(/.$/, 'O'), reason: 'O is not in base58btc' },
      { did: other(0x16, 0x20, digest), reason: 'the multihash is SHA-256' },
      { did: other(0x12, 0x1f, digest.slice(1)), reason: 'the digest has 32 bytes' },
      { did: 'did:mno:', reason: 'the hash is missing' },
    ],
    rejectedUrls: [
      { didUrl: `${did}?versionId=1&versionId=2`, reason: 'a parameter occurs once' },
      {
        didUrl: `${did}?versionId=1&version%49d=2`,
        reason: 'a parameter occurs once, however it is spelled',
      },
      { didUrl: `${did}?a=%zz`, reason: 'the escape is broken' },
      { didUrl: `${did}%2F#key-1`, reason: 'nothing in the identifier is percent-encoded' },
      { didUrl: `${did}#a#b`, reason: 'there is one fragment' },
      { didUrl: `${did}#key 1`, reason: 'a space is not a URI character' },
    ],
  };
}
