import { Option } from 'commander';
import { type Description, readDescription } from '../core/description/description.ts';
import { toDescriptionFile } from '../core/description/description-file.ts';
import { formatExportedJson, formatExportedYaml } from '../view/export.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { withReadingProgress } from './reading-progress.ts';
import { usageError } from './usage-error.ts';

interface ExportFormat {
  /** Whether the text is data, from which --query can select. */
  isData: boolean;
  /** Whether the format says which users have AccessKeys. */
  accessKeys?: boolean;
  /** Formats the description. `selected` is what --query selects from the description as a file has it. */
  format: (description: Description, selected: unknown) => string | Promise<string>;
}

const EXPORT_FORMATS: Record<string, ExportFormat> = {
  yaml: { isData: true, format: (_, selected) => formatExportedYaml(selected) },
  json: { isData: true, format: (_, selected) => formatExportedJson(selected) },
  aliyun: {
    isData: false,
    accessKeys: true,
    format: async (description) => (await import('../view/export-aliyun.ts')).formatAliyunScript(description),
  },
  terraform: {
    isData: false,
    format: async (description) => (await import('../view/export-terraform.ts')).formatTerraform(description),
  },
};

const EXPORT_HELP = `
What is exported: the account with its alias, password policy and security
preferences; users with their profile, logon settings, groups, policies and
tags; groups; custom policies with the document of their default version; roles.
Everything is sorted by name, and members without a value are left out. Two
exports of the same directory are equal.

What is not exported: passwords, AccessKeys, MFA devices, other versions of
policies, IDs, dates and imported system policies.

--as selects the format. Without it, the format is YAML, or JSON with --output
json. --query selects the part that is printed as YAML or JSON.

--as aliyun prints a shell script for the official CLI "aliyun", which recreates
the directory in an empty account. The script reads the initial passwords from
environment variables and stops if one of them is not set. Commands that create
AccessKeys are comments, because they print secrets.

--as terraform prints a configuration for Terraform 1.5 and the provider
aliyun/alicloud 1.252, or later. Its import blocks adopt the account: after
"terraform apply", Terraform manages what exists. Existing passwords do not
change. The provider does not support tags of users, display names of groups and
inactive console logon. The configuration does not contain them.

The schema of the file is schema/directory.schema.json in the package.`;

type Options = { as?: string };

export function declare(noun: RamctlCommand): void {
  noun.standalone('', {
    'Print the directory as YAML, for example to keep it in git': 'ramctl export',
    'Print a script that recreates the directory with the CLI "aliyun"': 'ramctl export --as aliyun',
    'Print a Terraform configuration that adopts the account': 'ramctl export -d aliyun: --as terraform',
    'Print the groups of each user': 'ramctl export --as json --query "Users[].[UserName, Groups]"',
  });
  noun.describe(`Prints what the directory contains, without secrets, as a file that "ramctl apply" reads, as a script or
    as a Terraform configuration. Applying an
    export to the same directory changes nothing. To bring users to another account, use "ramctl directory copy", or
    remove AccountId from the file.`);
  noun.addOption(new Option('--as <format>', 'format of the output').choices(Object.keys(EXPORT_FORMATS)));
  noun.addHelpText('after', EXPORT_HELP);
  noun.setAction<Options>(async (context, options) => {
    const { directory, output } = context;
    const { isData, accessKeys, format } = selectFormat(context, options);
    const description = await withReadingProgress(output, [context], (progress) =>
      directory.reading((operations) => readDescription(operations, { accessKeys, ...progress })),
    );
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
