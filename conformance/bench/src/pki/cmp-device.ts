import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Bytes, concatBytes, fromBase64 } from '@attestel/core';
import { certificateHash } from '@attestel/pki';
import { DerCursor, der, parseCertificate, readDer, TAG, writeSignatureAlgorithm } from '@attestel/x509';
import { BODY, parseCmpMessage } from '../../../../packages/pki/src/front/cmp/message.ts';
import type { StoredDevice } from './protocol.ts';

const ALGORITHM = writeSignatureAlgorithm('ecdsa-sha256');
const NOBODY = der.explicit(4, der.sequence());
const VERSION = 2;

/** A device that enrols once, as TS 33.310 clause 9 has it: ir, signed by its vendor's key, then certConf. */
export interface CmpDevice {
  /** Made before: signing it is not the server's work. */
  readonly request: Bytes;
  /** Answer to the request → confirmation. @throws Error where it was refused */
  confirm(answer: Bytes): Bytes;
}

export function createCmpDevice(stored: StoredDevice): CmpDevice {
  const certificate = fromBase64(stored.certificate);
  const vendorKey = createPrivateKey(stored.key);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const transactionId = new Uint8Array(randomBytes(16));
  const { subject } = parseCertificate(certificate);
  const message = (kind: number, content: Bytes, recipientNonce?: Bytes): Bytes => {
    const header = der.sequence(
      ...[der.integer(VERSION), der.explicit(4, subject), NOBODY, der.explicit(1, ALGORITHM)],
      der.explicit(4, der.octetString(transactionId)),
      der.explicit(5, der.octetString(new Uint8Array(randomBytes(16)))),
      ...(recipientNonce ? [der.explicit(6, der.octetString(recipientNonce))] : []),
    );
    const body = der.explicit(kind, content);
    const protection = der.bitString(signedBy(vendorKey, der.sequence(header, body)));
    return der.sequence(
      header,
      body,
      der.explicit(0, protection),
      der.explicit(1, der.sequence(certificate)),
    );
  };
  return {
    request: message(BODY.ir, certificateRequest(subject, publicKey, privateKey)),
    confirm(answer) {
      const { kind, body, header } = parseCmpMessage(answer);
      if (kind !== BODY.ip) throw new Error('bench: CMP refused a device');
      const hash = certificateHash(certificateIn(body));
      const confirmation = der.sequence(der.sequence(der.octetString(hash), der.integer(0)));
      return message(BODY.certConf, confirmation, header.senderNonce);
    },
  };
}

/** @throws Error unless the answer confirms */
export function assertConfirmed(answer: Bytes): void {
  if (parseCmpMessage(answer).kind !== BODY.pkiconf) throw new Error('bench: CMP did not confirm');
}

const signedBy = (key: KeyObject, message: Bytes): Bytes => new Uint8Array(sign('sha256', message, key));

/** CertReqMessages with subject and key, possession by the key's signature (RFC 4211 §3, §4.1). */
function certificateRequest(subject: Bytes, publicKey: KeyObject, privateKey: KeyObject): Bytes {
  const spki = readDer(new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })));
  const template = der.sequence(der.explicit(5, subject), der.element(0xa6, spki.content));
  const request = der.sequence(der.integer(0), template);
  const proof = concatBytes(ALGORITHM, der.bitString(signedBy(privateKey, request)));
  return der.sequence(der.sequence(request, der.element(0xa1, proof)));
}

/** The certificate of a CertRepMessage (RFC 9810 §5.3.4). */
function certificateIn(body: ReturnType<typeof parseCmpMessage>['body']): Bytes {
  const message = new DerCursor(body);
  message.optional(0xa1); // caPubs
  const responses = new DerCursor(message.next(TAG.sequence));
  const response = new DerCursor(responses.next(TAG.sequence));
  response.next(TAG.integer);
  response.next(TAG.sequence);
  return new DerCursor(response.next(TAG.sequence)).next(0xa0).content;
}
