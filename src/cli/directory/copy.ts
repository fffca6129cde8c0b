import type { Change } from '../../core/description/plan.ts';
import { type Failure, isFailure } from '../../core/failure.ts';
import { type CopyPlan, planCopy } from '../../core/workflows/copy-directory.ts';
import { planView } from '../../view/plan.ts';
import { withDirectory } from '../args.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { makePlan, printPlan } from '../make-plan.ts';
import { withReadingProgress } from '../reading-progress.ts';
import { addSinkOptions, type SinkOptions, sinkError } from '../secret-sinks.ts';
import type { OpenedDirectory } from '../system.ts';
import { usageError } from '../usage-error.ts';

type Options = SinkOptions & {
  dryRun?: boolean;
  newPasswords?: boolean;
  newAccessKeys?: boolean;
  accountSettings?: boolean;
};

const COPY_HELP = `
What is copied: users with their profile, logon settings, groups, policies and
tags; groups; custom policies with the document of their default version; roles;
which policies are attached.

What is not copied: passwords, AccessKey secrets, MFA devices, other versions of
policies, IDs, dates, the account alias and imported system policies. With
--new-passwords and --new-access-keys, users get new secrets in <to>.

A custom policy whose document differs gets a new default version. If it has
five versions, the oldest one that is not the default is deleted.

Trust policies and policy documents can contain account IDs in ARNs, such as
acs:ram::1234567890123456:root. The account ID of <from> is replaced with that
of <to>.

RAMCTL_KEY_FILE, if it is set, names the key of both directories.`;

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('copy <from> <to>', 'Copy users, groups, policies and roles to another directory', {
    'Show what would be copied, and change nothing': 'ramctl directory copy directory.json team.json --dry-run',
    'Copy with new passwords for console users, which are written to a file':
      'ramctl directory copy directory.json team.json --new-passwords --secret-to file:credentials.csv',
    'Copy with a new AccessKey for each user who has an active one':
      'ramctl directory copy directory.json team.json --new-access-keys --secret-to file:credentials.csv',
  });
  verb.describe(`Copies the users, groups, custom policies, roles, attachments and tags of the directory <from> to the directory
    <to>. What exists in <to> and differs is updated. Nothing is removed from <to>. If a change fails, the changes before
    it are undone. <from> and <to> are targets, as for --directory, which this command does not use. Prints the changes,
    and new secrets once.`);
  verb.option('--new-passwords', 'create console logon with a generated password that must be changed');
  verb.option(
    '--new-access-keys',
    'create an AccessKey for each user who has an active one in <from> and none in <to>',
  );
  verb.option('--account-settings', 'also copy the password policy and security preferences, which affect all users');
  verb.option('--dry-run', 'print the changes and make none');
  addSinkOptions(verb).addHelpText('after', COPY_HELP);
  verb.setAction<Options>(async (context, options, fromName: string, toName: string) => {
    const { system, prompts, output } = context;
    const [from, to] = [await system.openDirectory(fromName), await system.openDirectory(toName)];
    if (isSameDirectory(from, to)) throw usageError('<from> and <to> are the same directory', 'to');
    const needsConfirmation = to.target.kind !== 'local' && !options.dryRun;
    if (needsConfirmation) prompts.requireConfirmation();
    const plan = await withReadingProgress(output, [from, to], (progress) =>
      planCopy(from.directory, to.directory, { ...options, ...progress }),
    );
    const { changes, source, target } = plan;
    if (from.target.kind === 'cloud' && to.target.kind === 'cloud' && source.AccountId === target.AccountId)
      throw usageError(`${fromName} and ${toName} are the same account, ${target.AccountId}`, 'to');
    assertSinkIsNoDirectory(options, changes, [from, to]);
    const { file: _, ...services } = context;
    const copyContext = { ...services, ...to };
    try {
      if (changes.length === 0) await output.show(planView(), []);
      else if (options.dryRun) await printPlan(copyContext, { options, changes, directoryName: toName });
      else {
        if (needsConfirmation) await confirmCopy(copyContext, plan, toName);
        await makePlan(copyContext, { options, changes, directoryName: toName });
      }
    } catch (error) {
      if (isFailure(error)) nameTarget(error, toName);
      throw error;
    }
    for (const remark of listRemarks(plan, options)) output.remark(`remark: ${remark}`);
  });
}

/** Adds the target to the commands of a failure, which would apply to the directory of `--directory` otherwise. */
function nameTarget({ details }: Failure, toName: string): void {
  const complete = (command: string) => withDirectory(command, ['-d', toName]);
  if (details.Hint) details.Hint = complete(details.Hint);
  for (const blocker of details.Blockers ?? []) blocker.Command = complete(blocker.Command);
}

function isSameDirectory(from: OpenedDirectory, to: OpenedDirectory): boolean {
  return from.file && to.file ? from.file.isOwnFile(to.file.Path) : from.target.name === to.target.name;
}

/** Refuses a sink that is a file of a directory: `openSecretSink` protects only the files of the target. @throws Failure `usage` */
function assertSinkIsNoDirectory(
  { secretTo = '', configPath = '' }: SinkOptions,
  changes: Change[],
  directories: OpenedDirectory[],
): void {
  const sink = secretTo.replace(/^file:/, '');
  const names = sink.includes('{user}') ? changes.map(({ Name }) => Name) : [''];
  const paths = [configPath, ...names.map((name) => sink.replaceAll('{user}', name))].filter((path) => path !== '');
  const isOwnFile = directories.some(({ file }) => paths.some((path) => file?.isOwnFile(path)));
  if (isOwnFile) throw sinkError('the secrets would overwrite a file of one of the directories');
}

async function confirmCopy({ output, prompts }: CommandContext, { changes, target }: CopyPlan, toName: string) {
  await prompts.confirm(async () => {
    await output.showPrompt(planView(), changes);
    const account = [target.AccountAlias, target.AccountId].filter((name) => name !== null).join(', ');
    const what = changes.length === 1 ? 'this change' : `these ${changes.length} changes`;
    return { question: `Make ${what} in ${toName} (account ${account})?` };
  });
}

const MAX_LISTED_NAMES = 5;

function listRemarks({ changes, source, target, usersWithoutLogon, changedDocuments }: CopyPlan, options: Options) {
  const remarks: string[] = [];
  if (changedDocuments > 0) {
    const documents = changedDocuments === 1 ? '1 document' : `${changedDocuments} documents`;
    const [from, to] = [source.AccountId, target.AccountId];
    remarks.push(`In ${documents}, the account ID ${from} in ARNs becomes ${to}, the account of the copy.`);
  }
  if (usersWithoutLogon.length > 0) {
    const names = usersWithoutLogon.slice(0, MAX_LISTED_NAMES).join(', ');
    const more = usersWithoutLogon.length - MAX_LISTED_NAMES;
    const list = more > 0 ? `${names} and ${more} more` : names;
    remarks.push(`The console logon of ${list} is not copied. Use --new-passwords to create it.`);
  }
  if (changes.length > 0 && !options.dryRun) {
    remarks.push('Passwords, AccessKeys, MFA devices, old policy versions, IDs and dates were not copied.');
  }
  return remarks;
}
