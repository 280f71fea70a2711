// Reads vitest's JSON report, prints one line, and fails on a failure, a skipped test, or no tests at all.
import { readFileSync } from 'node:fs';

const print = (line) => process.stdout.write(`${line}\n`);
const report = read(process.argv[2]);
const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ ...test, file: file.name })),
);
const having = (...statuses) => tests.filter((test) => statuses.includes(test.status));
const passed = having('passed');
const failed = having('failed');
// Data sets of others are no part of the project; what needs them names itself where they are absent.
const needsShared = (test) => test.fullName.includes('(skipped: shared data absent)');
const notRun = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
const skipped = notRun.filter((test) => !needsShared(test));
// A file that breaks before its first test has no failed test.
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);

for (const test of notRun) print(`skipped: ${test.file}: ${test.fullName}`);
for (const file of broken) print(`broken: ${file.name}`);
print(`${passed.length} passed, ${failed.length + broken.length} failed`);

const good = passed.length > 0 && failed.length + broken.length + skipped.length === 0 && report.success;
process.exitCode = good ? 0 : 1;

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    print('there is no test report: the checks before the tests have failed');
    return { testResults: [], success: false };
  }
}
