import { Failure } from '../core/failure.ts';
import { type ApplyPlan, planDescription } from '../core/workflows/apply-description.ts';
import { type ParsedDescription, parseDescription } from '../parse/description.ts';
import type { DescriptionText } from '../parse/description-places.ts';
import { planView } from '../view/plan.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { checkPlan, makePlan, type PlannedChanges, printPlan } from './make-plan.ts';
import { describePlannedPermissions } from './planned-permissions.ts';
import { withReadingProgress } from './reading-progress.ts';
import { addSinkOptions, type SinkOptions } from './secret-sinks.ts';
import { usageError } from './usage-error.ts';

type Options = SinkOptions & { prune?: boolean; dryRun?: boolean; detailedExitcode?: boolean };

const APPLY_HELP = `
The file is what "ramctl export" prints: YAML, also with several documents, or
JSON. All files .yaml, .yml and .json of a folder are read as one file.

  Users:
    - UserName: alice
      DisplayName: Alice
      LoginProfile: { Status: Active }
      Groups: [operators]
      Policies: [ReadOnlyAccess]
  Groups:
    - GroupName: operators

What the file leaves out stays as it is: users, groups, policies and roles that
it does not name, and members of those that it names. A list of a user, group,
policy or role (Groups, Policies, Tags) is complete: other items are removed.
null removes a text or the console logon.

--prune also removes what the file leaves out. It deletes users, groups,
policies and roles that are not in the list of their kind (Users, Groups,
Policies, Roles), if the file has this list. It removes texts, lists and the
console logon that a named user, group, policy or role does not have in the
file. It never removes the caller's own user or role, its groups and custom
policies, or parts of them.

A new LoginProfile gets a generated password. AccessKey: true creates an
AccessKey if the user has no active one. --secret-to is the destination of both.
A changed policy document becomes a new default version; if the policy has five
versions, the oldest one that is not the default is deleted.

Exit codes with --detailed-exitcode: 0 if nothing changes, 4 if something
changes, also with --dry-run.

The schema of the file is schema/directory.schema.json in the package. The file
may have a member $schema with the address of the schema, for editors.`;

export function declare(noun: RamctlCommand): void {
  noun.standalone('<file>', {
    'Show what would change, and change nothing': 'ramctl apply directory.yaml --dry-run',
    'Make the changes, and write new passwords to a file': 'ramctl apply directory.yaml --secret-to file:new.csv',
    'Check in a script whether the directory still matches the file':
      'ramctl apply directory.yaml --prune --dry-run --detailed-exitcode',
  });
  noun.describe(`Changes users, groups, policies, roles and attachments to match a file, a folder or stdin (-). In a local
    directory, this is one transaction. In an account or on a server, the changes are undone if one of them fails, or
    the error lists those that remain. At a terminal, the command shows the plan and asks first. Without a terminal,
    --prune and the removal of console logon need --yes. Prints the changes, and new secrets once.`);
  noun.option('--prune', 'also remove what the file leaves out');
  noun.option('--dry-run', 'print the plan and change nothing');
  noun.option('--detailed-exitcode', 'exit with 4 instead of 0 if there are changes');
  addSinkOptions(noun).addHelpText('after', APPLY_HELP);
  noun.setAction<Options>(async (context, options, path: string) => {
    const { output, prompts } = context;
    if (options.prune && !options.dryRun) prompts.requireConfirmation();
    context.file?.assertExists();
    const parsed = await parseDescription(await readFiles(context, path));
    const deletesLogon = parsed.description.Users?.some(({ LoginProfile }) => LoginProfile === null);
    if (deletesLogon && !options.dryRun) prompts.requireConfirmation();
    const { changes, current, kept } = await readPlan(context, parsed, options);
    if (kept.length > 0)
      output.remark(`remark: Not deleted, because the caller of this command needs it: ${kept.join(', ')}.`);
    if (changes.length === 0) {
      await output.show(planView(), []);
      return EXIT_CODES.success;
    }
    const plan = { options, changes, nameChange: describeEntity(parsed) };
    const permissions = await describePlannedPermissions(context, current, changes);
    if (options.dryRun) await printPlan(context, plan, permissions);
    else await confirmAndMake(context, { ...plan, permissions, parsed, prune: options.prune });
    return options.detailedExitcode ? EXIT_CODES.denied : EXIT_CODES.success;
  });
}

/** Returns the text of stdin, of a file, or of each description file of a folder. @throws Failure `usage` without files */
async function readFiles({ system, readInput }: CommandContext, path: string): Promise<DescriptionText[]> {
  const listed = path === '-' ? undefined : await system.listFolder(path);
  const paths = listed?.filter((name) => /(^|[\\/])[^.\\/][^\\/]*\.(ya?ml|json)$/i.test(name)) ?? [path];
  if (paths.length === 0) throw usageError(`the folder ${path} has no .yaml, .yml or .json file`, 'file');
  const files: DescriptionText[] = [];
  for (const name of paths) files.push({ name: name === '-' ? 'stdin' : name, text: (await readInput(name)).text });
  return files;
}

/** @throws Failure `refused` if the description has problems */
async function readPlan(
  context: CommandContext,
  { description, toFailure }: ParsedDescription,
  { prune }: Options,
): Promise<ApplyPlan> {
  const plan = await withReadingProgress(context.output, [context], (progress) =>
    context.directory.reading((operations) => planDescription(operations, description, { prune, ...progress })),
  );
  if (plan.problems.length > 0) throw await toFailure(plan.problems);
  return plan;
}

interface ConfirmedPlan extends PlannedChanges {
  permissions: string[];
  parsed: ParsedDescription;
  prune: boolean | undefined;
}

async function confirmAndMake(
  context: CommandContext,
  { permissions, parsed, prune, ...plan }: ConfirmedPlan,
): Promise<void> {
  const { output, prompts, target } = context;
  const { changes } = plan;
  const isLocal = target.kind === 'local';
  // A local transaction that fails changes nothing.
  if (prompts.canAsk || !isLocal) await checkPlan(context, plan);
  if (prompts.canAsk) {
    await prompts.confirm(async () => {
      await output.showPrompt(planView(), changes);
      for (const line of permissions) output.log(line);
      return { question: `Make ${changes.length === 1 ? 'this change' : `these ${changes.length} changes`}?` };
    });
  }
  // A remote directory would be read a second time, and it can still change between the requests.
  await makePlan(context, {
    ...plan,
    beforeChanges: isLocal
      ? async (operations) => {
          const present = await planDescription(operations, parsed.description, { prune });
          if (JSON.stringify(present.changes) === JSON.stringify(changes)) return;
          const message = 'the directory changed since the plan was made; nothing was changed';
          throw new Failure('refused', 'ChangedMeanwhile', message, {
            Hint: 'run the command again to see the new plan',
          });
        }
      : undefined,
  });
  if (!prompts.canAsk) for (const line of permissions) output.remark(line);
}

/** Names an entity with its place in the files: `users.yaml, line 12, column 5: user alice`. */
function describeEntity({ findEntity }: ParsedDescription): NonNullable<PlannedChanges['nameChange']> {
  return async ({ Kind, Name }) => {
    const place = await findEntity(Kind, Name);
    return `${place === undefined ? '' : `${place}: `}${Kind.toLowerCase()} ${Name}`;
  };
}
