import { describe, expect, it } from 'vitest';
import { describeModule } from '../../src/module/describe-module.ts';
import type { Module } from '../../src/module/module.ts';
import { all, lease, permit, points } from '../kinds/samples.ts';

const page = (module: object, locale: 'en' | 'zh-CN' = 'en'): string =>
  describeModule(module as unknown as Module, locale);

describe('the page of a module', () => {
  it('names every command, event, query and field, in both languages', () => {
    for (const module of all) {
      for (const locale of ['en', 'zh-CN'] as const) {
        const text = page(module, locale);
        const named = [module.commands, module.events, module.queries].flatMap((part) => Object.keys(part));
        for (const name of named) expect(text).toContain(`### \`${name}\``);
        expect(text).not.toContain('undefined');
        expect(text).not.toContain('[object Object]');
      }
    }
  });

  it('says what a field means, what it may be, and whether it may be left out', () => {
    expect(page(lease)).toContain(
      '| `validUntil` (optional) | string pattern `^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z\\|[+-]\\d\\d:\\d\\d)$` | Ends then, exclusive; absent: no end |',
    );
    expect(page(lease, 'zh-CN')).toContain('| `parties` | array minItems `0` maxItems `15` | 其他各方 |');
    expect(page(lease)).toContain('| `terms.slot` | string');
    expect(page(points)).toContain('| `moves[].amount` | string');
  });

  it('says who else may act, and which credentials there are', () => {
    expect(page(permit)).toContain('Persons and devices act with `Employee`');
    expect(page(permit)).toContain('## Credentials\n\nNone.');
    const given = {
      ...lease,
      credentials: { Key: { schema: { type: 'object' }, trust: { by: 'module', module: 'test.lease' } } },
      gives: [{ type: 'Key', on: 'agreed', revokedOn: ['terminated'], to: () => [] }],
    };
    expect(page(given)).toContain(
      '### `Key`\n\ncounts from an event of `test.lease`, given by `agreed`, revoked by `terminated`\n\nNo fields.',
    );
  });

  it('is the same whenever it is made', () => {
    expect(page(lease)).toBe(page({ ...lease }));
  });
});
