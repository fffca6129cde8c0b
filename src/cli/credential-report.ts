import { InvalidArgumentError, Option } from 'commander';
import { DAY_MS } from '../core/clock.ts';
import { FINDING_KINDS, type FindingKind, findIssues } from '../core/workflows/findings.ts';
import { reportView } from '../view/report.ts';
import type { RamctlCommand } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';

interface Options {
  maxKeyAge?: number;
  failOn?: FindingKind[];
}

const FINDING_NAMES = Object.keys(FINDING_KINDS) as FindingKind[];

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', [
    'ramctl report --output csv',
    'ramctl report --fail-on no-mfa --fail-on old-key --max-key-age 60d --output json',
  ]);
  verb.option('--max-key-age <days>', 'from when an AccessKey is old, or unused (default: 90d)', parseDaysAsMs);
  verb.addOption(
    new Option('--fail-on <finding>', 'exit 4 when a user has it; may be repeated')
      .choices(FINDING_NAMES)
      .argParser((value: string, earlier: FindingKind[] = []) => [...earlier, parseFinding(value)]),
  );
  const lines = Object.entries(FINDING_KINDS).map(([name, meaning]) => `  ${name.padEnd(16)} ${meaning}`);
  verb.addHelpText('after', `\nFindings:\n${lines.join('\n')}`);
  verb.setAction<Options>(async (context, { maxKeyAge, failOn = [] }) => {
    const rows = await context.directory.reading((operations) => findIssues(operations, context.startedAt, maxKeyAge));
    await context.output.show(reportView, rows);
    const isFound = rows.some(({ findings }) => findings.some((name) => failOn.includes(name)));
    return isFound ? EXIT_CODES.denied : EXIT_CODES.success;
  });
}

function parseFinding(text: string): FindingKind {
  const name = FINDING_NAMES.find((known) => known === text);
  if (name) return name;
  throw new InvalidArgumentError(`Allowed choices are ${FINDING_NAMES.join(', ')}.`);
}

/** Days as milliseconds. */
function parseDaysAsMs(text: string): number {
  const [, count] = /^(\d{1,5})d?$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * DAY_MS;
  throw new InvalidArgumentError('It must be a number of days, such as 90d.');
}
