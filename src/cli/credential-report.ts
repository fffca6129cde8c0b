import { Option } from 'commander';
import { FINDING_KINDS, type FindingKind, readReportWithFindings } from '../core/workflows/findings.ts';
import { reportView } from '../view/account.ts';
import type { RamctlCommand } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { wrapText } from './help/wrap.ts';
import { collect, parseDaysMs } from './option-parsers.ts';

type Options = { maxKeyAge?: number; failOn?: FindingKind[] };

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', {
    'Print the report as CSV': 'ramctl report --output csv',
    'In a script, exit with code 4 if a user has one of these findings':
      'ramctl report --fail-on no-mfa --fail-on old-key --max-key-age 60d --output json',
  });
  verb.describe(`Prints the credential report of RAM with one row for each user, and the findings about the user. With --fail-on,
    the exit code is 4 if a user has one of the given findings. Changes nothing.`);
  verb.option('--max-key-age <days>', 'age from which an AccessKey is old or unused (default: 90d)', parseDaysMs);
  const failOn = new Option('--fail-on <finding>', 'finding that ends the command with exit code 4; can be repeated');
  // argParser replaces the parser that choices sets, so that one must be called.
  const checkChoice = failOn.choices(Object.keys(FINDING_KINDS)).parseArg;
  failOn.argParser((value: string, earlier: string[] | undefined) => {
    checkChoice?.(value, earlier as never);
    return collect(value, earlier);
  });
  verb.addOption(failOn);
  const lines = Object.entries(FINDING_KINDS).map(([name, meaning]) =>
    wrapText(`  ${name.padEnd(16)} ${meaning}`, ' '.repeat(19)),
  );
  verb.addHelpText('after', `\nFindings:\n${lines.join('\n')}`);
  verb.setAction<Options>(async ({ directory, output, startedAt }, { maxKeyAge, failOn = [] }) => {
    const rows = await directory.reading((operations) => readReportWithFindings(operations, startedAt, maxKeyAge));
    await output.show(reportView, rows);
    const hasFailed = rows.some(({ findings }) => findings.some((name) => failOn.includes(name)));
    return hasFailed ? EXIT_CODES.denied : EXIT_CODES.success;
  });
}
