import type { Bytes } from '@attestel/core';
import type { GeneralName } from '../certificate/general-name.ts';
import { isHostName, lowerAscii } from '../certificate/host-name.ts';
import { type Name, rdnKeys } from '../certificate/name.ts';
import { fail } from '../errors.ts';

/** A name as it is compared with constraints: its syntax checked and its parts made once. */
export type ComparableName =
  | { readonly kind: 'dns' | 'uri'; readonly host: string }
  | { readonly kind: 'email'; readonly host: string; readonly local: string }
  | { readonly kind: 'ip'; readonly address: Bytes }
  | { readonly kind: 'directoryName'; readonly rdns: readonly string[] };

type Test = (name: ComparableName) => boolean;

/** A subtree of a name constraint: two tests, since an exclusion also covers wildcards over it. */
export interface Subtree {
  readonly kind: GeneralName['kind'];
  readonly contains: Test;
  readonly touches: Test;
}

/** @throws AppError path_name_form where the name is of a form or syntax that cannot be compared */
export function comparable(name: GeneralName): ComparableName {
  switch (name.kind) {
    case 'dns':
      return { kind: 'dns', host: hostText(name.value) };
    case 'uri':
      return { kind: 'uri', host: hostOf(name.value) };
    case 'email':
      return mailbox(name.value);
    case 'ip':
      return { kind: 'ip', address: name.value };
    case 'directoryName':
      return { kind: 'directoryName', rdns: rdnKeys(name.name) };
    default:
      // RFC 5280 §4.2.1.10: "either process the constraint or reject the certificate"
      throw fail('path_name_form', { detail: name.kind });
  }
}

/** RFC 5280 §4.2.1.10. A form that is not compared makes a subtree that holds nothing. */
export function subtreeOf(base: GeneralName): Subtree {
  const { kind } = base;
  switch (kind) {
    case 'dns': {
      const contains = dnsTest(lowerAscii(base.value));
      const below = `.${lowerAscii(base.value)}`;
      const covers: Test = (name) =>
        name.kind === 'dns' && name.host.startsWith('*.') && below.endsWith(name.host.slice(1));
      return { kind, contains, touches: (name) => contains(name) || covers(name) };
    }
    case 'uri': {
      const within = hostTest(lowerAscii(base.value));
      return same(kind, (name) => name.kind === 'uri' && within(name.host));
    }
    case 'email':
      return same(kind, emailTest(base.value));
    case 'ip':
      return same(kind, (name) => name.kind === 'ip' && isInRange(name.address, base.value));
    case 'directoryName':
      return same(kind, directoryTest(base.name));
    default:
      return same(kind, () => false);
  }
}

const same = (kind: GeneralName['kind'], test: Test): Subtree => ({ kind, contains: test, touches: test });

/** A wildcard may be the whole first label. Another syntax, as a dot at the end, would slip past an exclusion. */
function hostText(text: string): string {
  const host = lowerAscii(text);
  if (!isHostName(host.startsWith('*.') ? host.slice(2) : host)) {
    throw fail('path_name_form', { detail: 'host' });
  }
  return host;
}

/** The local part has case. */
function mailbox(text: string): ComparableName {
  const at = text.lastIndexOf('@');
  if (at < 1) throw fail('path_name_form', { detail: 'mailbox' });
  return { kind: 'email', local: text.slice(0, at), host: hostText(text.slice(at + 1)) };
}

/** Such a URI "MUST be rejected" where the host is absent or no domain name. */
function hostOf(uri: string): string {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  if (!/[a-z]/i.test(host) || host.startsWith('[')) throw fail('path_name_form', { detail: 'URI' });
  return hostText(host);
}

/** The name itself or labels added to its left; with a leading dot only the latter. Empty: all names. */
function dnsTest(base: string): Test {
  const suffix = base.startsWith('.') ? base : `.${base}`;
  return (name) => name.kind === 'dns' && (base === '' || name.host === base || name.host.endsWith(suffix));
}

/** A mailbox, a host, or with a leading dot all hosts of a domain. */
function emailTest(base: string): Test {
  const split = base.lastIndexOf('@');
  const within = hostTest(lowerAscii(base.slice(split + 1)));
  const local = base.slice(0, Math.max(0, split));
  return (name) => name.kind === 'email' && (split < 0 || name.local === local) && within(name.host);
}

/** A host itself, or with a leading dot the hosts of a domain and not the domain. */
const hostTest =
  (base: string) =>
  (host: string): boolean =>
    base === '' || (base.startsWith('.') ? host.endsWith(base) : host === base);

/** Begins with the relative names of the base. */
function directoryTest(base: Name): Test {
  const wanted = rdnKeys(base);
  return (name) => name.kind === 'directoryName' && wanted.every((key, at) => key === name.rdns[at]);
}

/** Address and mask of one family; the families never match each other. */
function isInRange(address: Bytes, range: Bytes): boolean {
  const size = range.length / 2;
  if (address.length !== size) return false;
  return address.every((byte, at) => {
    const mask = range[size + at] as number;
    return (byte & mask) === ((range[at] as number) & mask);
  });
}
