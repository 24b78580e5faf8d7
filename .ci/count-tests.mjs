/**
 * Usage: count-tests.mjs DIRECTORY [FAILED-COMMAND ...]
 *
 * Prints the failed commands, then `N passed, N failed` from the report that Vitest left in the
 * directory. A file that could not be loaded counts as one failure, and so does a failed command that
 * no failed test explains. Exits with 1 unless everything ran and passed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory, ...failedCommands] = process.argv.slice(2);

function countTests() {
  try {
    const report = JSON.parse(readFileSync(join(directory, 'tests.json'), 'utf8'));
    const unloadable = report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unloadable.length,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

const { passed, failed: failedTests, skipped } = countTests();
const unexplained = failedCommands.filter((command) => command !== 'npm test' || failedTests === 0);
const failed = failedTests + unexplained.length;

for (const command of failedCommands) console.log(`Failed: ${command}`);
if (skipped > 0) console.log(`${skipped} skipped, which is not allowed`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && skipped === 0 && passed > 0 ? 0 : 1;
