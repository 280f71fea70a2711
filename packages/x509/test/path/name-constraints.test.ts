import { extension, type GeneralName, parseCertificate, writeName } from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { issued } from '../chains.ts';
import { code, dns, email, ip, root, underConstrained, uri } from './under-root.ts';

describe('name constraints [RFC5280 §4.2.1.10]', () => {
  const permits = (base: GeneralName, name: GeneralName) =>
    underConstrained(
      [extension.nameConstraints({ permitted: [base], excluded: [] })],
      [extension.san([name])],
    );
  const excludes = (base: GeneralName, name: GeneralName) =>
    underConstrained(
      [extension.nameConstraints({ permitted: [], excluded: [base] })],
      [extension.san([name])],
    );

  it.each([
    ['host itself', dns('a.example'), dns('A.Example')],
    ['host below', dns('a.example'), dns('x.y.a.example')],
    ['hosts of a domain with a leading dot', dns('.a.example'), dns('x.a.example')],
    ['all hosts', dns(''), dns('b.example')],
    ['mailbox', email('x@a.example'), email('x@A.example')],
    ['mailboxes of a host', email('a.example'), email('any@a.example')],
    ['mailboxes of a domain', email('.a.example'), email('any@b.a.example')],
    ['URI by its host', uri('a.example'), uri('https://u@a.example:1/b?c')],
    ['URI of a domain', uri('.a.example'), uri('https://b.a.example')],
    ['IPv4 range', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 1, 2, 3)],
    ['another kind of name', dns('a.example'), ip(10, 1, 2, 3)],
  ])('permits: %s', (_, base, name) => {
    expect(permits(base, name)).not.toThrow();
  });

  it.each([
    ['other host', dns('a.example'), dns('b.example'), 'path_name_not_permitted'],
    ['host that only ends alike', dns('a.example'), dns('xa.example'), 'path_name_not_permitted'],
    ['domain itself with a leading dot', dns('.a.example'), dns('a.example'), 'path_name_not_permitted'],
    ['host with a dot at the end', dns('a.example'), dns('a.example.'), 'path_name_form'],
    ['mailbox in other case', email('x@a.example'), email('X@a.example'), 'path_name_not_permitted'],
    ['mailbox below a host', email('a.example'), email('x@b.a.example'), 'path_name_not_permitted'],
    ['mailbox without @', email('a.example'), email('a.example'), 'path_name_form'],
    ['URI below a host', uri('a.example'), uri('https://b.a.example'), 'path_name_not_permitted'],
    [
      'URI that hides its host',
      uri('a.example'),
      uri('https://evil.example/@a.example'),
      'path_name_not_permitted',
    ],
    ['URI without host', uri('a.example'), uri('urn:x:a.example'), 'path_name_form'],
    ['URI with an address', uri('a.example'), uri('https://10.0.0.1/'), 'path_name_form'],
    ['IPv4 outside', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(11, 0, 0, 0), 'path_name_not_permitted'],
    [
      'IPv6 under IPv4',
      ip(10, 0, 0, 0, 255, 0, 0, 0),
      ip(...new Array(16).fill(10)),
      'path_name_not_permitted',
    ],
  ])('refuses what is not permitted: %s', (_, base, name, expected) => {
    expect(permits(base, name)).toThrow(code(expected));
  });

  it('refuses what is excluded, wildcards over it too', () => {
    expect(excludes(dns('a.example'), dns('x.a.example'))).toThrow(code('path_name_excluded'));
    expect(excludes(dns('x.a.example'), dns('*.a.example'))).toThrow(code('path_name_excluded'));
    expect(excludes(dns('a.example'), dns('a.example.'))).toThrow(code('path_name_form'));
    expect(excludes(dns('a.example'), dns('b.example'))).not.toThrow();
  });

  it('compares the subject, and mail addresses in it', () => {
    const within = (text: string) =>
      parseCertificate(issued(root, { subject: writeName([['organization', text]]) }));
    const base: GeneralName = { kind: 'directoryName', name: within('Org').subjectName };
    const constraint = [extension.nameConstraints({ permitted: [base], excluded: [] })];
    const named = (...attributes: Parameters<typeof writeName>[0]) => writeName(attributes);
    expect(
      underConstrained(constraint, [], named(['organization', 'ORG '], ['commonName', 'x'])),
    ).not.toThrow();
    expect(underConstrained(constraint, [], named(['organization', 'Other']))).toThrow(
      code('path_name_not_permitted'),
    );
    expect(underConstrained(constraint, [], named(['commonName', 'x'], ['organization', 'Org']))).toThrow(
      code('path_name_not_permitted'),
    );
    const mail = [extension.nameConstraints({ permitted: [], excluded: [email('a.example')] })];
    expect(underConstrained(mail, [], named(['emailAddress', 'x@a.example']))).toThrow(
      code('path_name_excluded'),
    );
  });

  it('refuses forms of names it cannot compare', () => {
    const other: GeneralName = { kind: 'registeredId', oid: '1.2.3' };
    expect(excludes(other, other)).toThrow(code('path_name_form'));
    expect(excludes(other, dns('a.example'))).not.toThrow();
  });
});
