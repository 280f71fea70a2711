import { describe, expect, it } from 'vitest';
import { fail } from '../../src/errors.ts';
import { reportSubmission } from '../../src/pki/submission-report.ts';

const published = ['a.crt', 'b.crt'].map((file, index) => ({ file, hash: 'ab', index }));
const rejected = [{ file: 'c.crt', code: 'pki_key_taken' }];
const without = [{ file: 'a.crt', code: 'receipt_not_yet' }];
const stopped = undefined;
const NODE = 'http://node.example';

describe('the report of a submission', () => {
  it('is fine where all are published, and checked at the node where no receipts were wanted', () => {
    const report = reportSubmission({ published, rejected: [], without: undefined, stopped }, NODE);
    expect(report.exitCode).toBeUndefined();
    expect(report.text).toBe('2 published, 0 rejected');
    expect(report.next).toBe(`attestel pki check a.crt --node ${NODE} --policy FILE`);
    expect(report.data).toEqual({ published, rejected: [] });
  });

  it('says what has no receipt and why, by exit code 6', () => {
    const report = reportSubmission({ published, rejected: [], without, stopped }, NODE);
    expect(report.exitCode).toBe(6);
    expect(report.text).toMatch(/1 receipts written[\s\S]*1 {2}receipt_not_yet: [\s\S]*a\.crt/);
    expect(report.next).toContain(`a.crt --node ${NODE}`);
    expect(report.data).toEqual({ published, rejected: [], withoutReceipt: without });
  });

  it('leads to a check without a node where there is a receipt', () => {
    const report = reportSubmission({ published, rejected: [], without: [], stopped }, NODE);
    expect(report.exitCode).toBeUndefined();
    expect(report.next).toBe('attestel pki check a.crt --offline --receipt a.receipt --policy FILE');
  });

  it('has the exit code of a refusal where any was refused, whatever else is missing', () => {
    expect(reportSubmission({ published, rejected, without, stopped }, NODE).exitCode).toBe(3);
    expect(
      reportSubmission({ published: [], rejected, without: undefined, stopped }, NODE).next,
    ).toBeUndefined();
  });

  it('tells what was published before a later request was refused, with the exit code of that', () => {
    const error = fail('not_running', { field: NODE });
    const report = reportSubmission(
      { published, rejected, without, stopped: { error, files: ['d.crt', 'e.crt'] } },
      NODE,
    );
    expect(report.exitCode).toBe(error.exitCode);
    expect(report.text).toMatch(
      /^2 published, 1 rejected\n[\s\S]*2 without an answer, from d\.crt on: not_running: /,
    );
    expect(report.data).toEqual({
      ...{ published, rejected, withoutReceipt: without },
      ...{ error: 'not_running', message: error.message, unanswered: ['d.crt', 'e.crt'] },
    });
  });
});
