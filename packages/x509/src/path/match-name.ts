import type { Bytes } from '@attestel/core';
import type { GeneralName } from '../certificate/general-name.ts';
import { isNameWithin } from '../certificate/name.ts';
import { fail } from '../errors.ts';

/** Whether a name lies in the subtree of a name constraint of the same kind (RFC 5280 §4.2.1.10). */
export function isWithin(name: GeneralName, base: GeneralName, excluding: boolean): boolean {
  if (name.kind === 'dns' && base.kind === 'dns') return dnsWithin(name.value, base.value, excluding);
  if (name.kind === 'email' && base.kind === 'email') return emailWithin(name.value, base.value);
  if (name.kind === 'uri' && base.kind === 'uri') return hostWithin(hostOf(name.value), lower(base.value));
  if (name.kind === 'ip' && base.kind === 'ip') return ipWithin(name.value, base.value);
  if (name.kind === 'directoryName' && base.kind === 'directoryName') {
    return isNameWithin(name.name, base.name);
  }
  // "either process the constraint or reject the certificate"
  throw fail('path_name_form', { detail: name.kind });
}

/** ASCII only: names of other scripts are A-labels (RFC 5280 §7.2). */
const lower = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));

/** Preferred name syntax (RFC 1034 §3.5), with "_" and one "*" as the whole first label. */
const HOST =
  /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** A name in another syntax, such as with a dot at its end, would slip past an exclusion. */
function hostText(text: string): string {
  const host = lower(text);
  if (host.length > 253 || !HOST.test(host)) throw fail('path_name_form', { detail: 'host' });
  return host;
}

/** The name itself or labels added to its left; with a leading dot only the latter. Empty: all names. */
function dnsWithin(text: string, constraint: string, excluding: boolean): boolean {
  const name = hostText(text);
  const base = lower(constraint);
  if (base === '' || name === base) return true;
  const suffix = base.startsWith('.') ? base : `.${base}`;
  if (name.endsWith(suffix)) return true;
  // A wildcard stands for names that an exclusion below it names.
  return excluding && name.startsWith('*.') && `.${base}`.endsWith(name.slice(1));
}

/** A mailbox, a host, or with a leading dot all hosts of a domain. The local part has case. */
function emailWithin(mailbox: string, constraint: string): boolean {
  const at = mailbox.lastIndexOf('@');
  if (at < 1) throw fail('path_name_form', { detail: 'mailbox' });
  const host = hostText(mailbox.slice(at + 1));
  const split = constraint.lastIndexOf('@');
  if (split < 0) return hostWithin(host, lower(constraint));
  return mailbox.slice(0, at) === constraint.slice(0, split) && host === lower(constraint.slice(split + 1));
}

/** A host itself, or with a leading dot the hosts of a domain and not the domain. */
const hostWithin = (host: string, base: string): boolean =>
  base === '' || (base.startsWith('.') ? host.endsWith(base) : host === base);

/** "MUST reject" where the host is absent or no domain name. */
function hostOf(uri: string): string {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1];
  const host = authority?.replace(/^.*@/, '').replace(/:\d*$/, '') ?? '';
  if (!/[a-z]/i.test(host) || host.startsWith('[')) throw fail('path_name_form', { detail: 'URI' });
  return hostText(host);
}

/** Address and mask of one family; the families never match each other. */
function ipWithin(address: Bytes, range: Bytes): boolean {
  const size = range.length / 2;
  if (address.length !== size) return false;
  return address.every((byte, at) => {
    const mask = range[size + at] as number;
    return (byte & mask) === ((range[at] as number) & mask);
  });
}
