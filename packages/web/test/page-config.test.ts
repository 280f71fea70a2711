import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/app/wallet/page-config.ts';

describe('config.json', () => {
  it('gives the node and the pages of operators', () => {
    const operators = [{ did: 'did:mno:zQm1', addUrl: 'https://a.example/my', name: {} }];
    expect(parseConfig({ endpoint: 'https://node.example', operators, more: 1 })).toEqual({
      endpoint: 'https://node.example',
      operators: [{ did: 'did:mno:zQm1', addUrl: 'https://a.example/my' }],
    });
  });

  it('drops operator pages that are no web addresses', () => {
    const operators = [
      { did: 'd', addUrl: 'javascript:alert(1)' },
      { did: 'd', addUrl: 'https:' },
      null,
      { did: 1 },
    ];
    expect(parseConfig({ endpoint: 'https://node.example', operators }).operators).toEqual([]);
  });

  it.each([null, 'x', {}, { endpoint: 'nonsense', operators: [] }, { endpoint: 'https://node.example' }])(
    'is refused in another form: %j',
    (value) => {
      expect(() => parseConfig(value)).toThrow(TypeError);
    },
  );
});
