import { Option } from 'commander';
import { type Description, readDescription } from '../core/description/description.ts';
import { toDescriptionFile } from '../core/description/description-file.ts';
import { formatExportedJson, formatExportedYaml } from '../view/export.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { usageError } from './usage-error.ts';

interface ExportFormat {
  /** Whether the text is data, from which --query can select. */
  isData: boolean;
  /** Formats the description. `selected` is what --query selects from the description as a file has it. */
  format: (description: Description, selected: unknown) => string | Promise<string>;
}

const EXPORT_FORMATS: Record<string, ExportFormat> = {
  yaml: { isData: true, format: (_, selected) => formatExportedYaml(selected) },
  json: { isData: true, format: (_, selected) => formatExportedJson(selected) },
};

const EXPORT_HELP = `
What is exported: the account with its alias, password policy and security
preferences; users with their profile, logon settings, groups, policies and
tags; groups; custom policies with the document of their default version; roles.
Everything is sorted by name, and members without a value are left out. Two
exports of the same directory are equal.

What is not exported: passwords, AccessKeys, MFA devices, other versions of
policies, IDs, dates and imported system policies.

--as decides the format of the output. Without it, --output json prints JSON and
everything else YAML. --query selects a part of the description.

The schema of the file is schema/directory.schema.json in the package.`;

type Options = { as?: string };

export function declare(noun: RamctlCommand): void {
  noun.standalone('', {
    'Write the directory to a file that can be kept in git': 'ramctl export',
    'Print the groups of each user': 'ramctl export --as json --query "Users[].[UserName, Groups]"',
  });
  noun.describe(`Prints what the directory contains, without secrets, as a file that "ramctl apply" reads. Applying an
    export to the same directory changes nothing. To bring users to another account, use "ramctl directory copy", or
    remove AccountId from the file.`);
  noun.addOption(new Option('--as <format>', 'format of the output').choices(Object.keys(EXPORT_FORMATS)));
  noun.addHelpText('after', EXPORT_HELP);
  noun.setAction<Options>(async (context, options) => {
    const { output } = context;
    const { isData, format } = selectFormat(context, options);
    const description = await readWithProgress(context);
    const selected = isData ? output.select(toDescriptionFile(description)) : undefined;
    await output.print(await format(description, selected));
  });
}

/** @throws Failure `usage` if another option does not apply to the format */
function selectFormat({ output }: CommandContext, { as }: Options): ExportFormat {
  const { settings } = output;
  const name = as ?? (settings.output === 'json' ? 'json' : 'yaml');
  const format = EXPORT_FORMATS[name];
  if (!format) throw new Error(`there is no export format ${name}`);
  if (settings.columns) throw usageError('--columns cannot be used with export', '--columns', 'use --query');
  if (as === undefined && settings.output === 'csv')
    throw usageError('an export cannot be CSV', '--output', 'use --as yaml or --as json');
  if (settings.query !== undefined && !format.isData)
    throw usageError(`--query cannot be used with --as ${name}`, '--query');
  return format;
}

/** Shows the progress of reading if a request is needed for each user. */
async function readWithProgress({ directory, target, output }: CommandContext): Promise<Description> {
  let done = () => {};
  const openProgress = async (users: number) => {
    const bar = await output.openProgress('reading users', users);
    done = bar.done;
    return bar.step;
  };
  try {
    const progress = target.kind === 'local' ? {} : { openProgress };
    return await directory.reading((operations) => readDescription(operations, progress));
  } finally {
    done();
  }
}
