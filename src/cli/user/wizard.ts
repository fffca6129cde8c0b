import { Cancelled } from '../../ask/prompter.ts';
import { askNewUsers, type PromptEnvironment, type UserAnswers } from '../../ask/user.ts';
import { foldCase } from '../../core/state.ts';
import type { NewUser } from '../../core/workflows/provision.ts';
import { newUserListView } from '../../view/user.ts';
import { flagWithValue } from '../args.ts';
import type { CommandContext } from '../context.ts';
import { remarkOnWeakPassword } from '../password.ts';
import type { SinkOptions } from '../secret-sinks.ts';
import { createUsers, dryRunAndPrint, dryRunUsers } from './create-users.ts';

/** What the command line said about each user to be made. */
export interface UserFlags extends UserAnswers {
  ifNotExists?: boolean | undefined;
}

interface WizardOptions extends SinkOptions {
  dryRun?: boolean;
}

/** The wizard: asks what the flags left open, shows everything once more, makes all of it or nothing. */
export async function runWizard(context: CommandContext, options: WizardOptions, flags: UserFlags): Promise<void> {
  const prompter = await context.prompts.require({
    what: "missing required argument 'name'",
    field: 'name',
    hint: 'ramctl help user create',
  });
  const around = await readPromptEnvironment(context);
  // What the flags say is tried on a name that nobody has, so that no answer is given in vain.
  const unheard = { UserName: '_'.repeat(64), ...flags.user };
  await dryRunUsers(context, options, [
    { ...flags, user: unheard, logon: flags.hasConsoleLogon ? flags.logon : undefined },
  ]);
  const orders = await askNewUsers(prompter, flags, around);
  for (const { logon } of orders) remarkOnWeakPassword(context, logon?.password);
  await dryRunUsers(context, options, orders);
  await context.output.showPrompt(newUserListView, orders);
  if (
    !(await prompter.confirm(orders.length === 1 ? 'Create this user?' : `Create these ${orders.length} users?`, true))
  ) {
    throw new Cancelled();
  }
  if (options.dryRun) return dryRunAndPrint(context, options, orders);
  await createUsers(context, options, orders);
  const isShown = options.secretTo === undefined || options.secretTo === 'stdout';
  if (isShown && orders.some(({ logon, accessKey }) => accessKey || (logon && logon.password === undefined))) {
    await prompter.pause('Press Enter when what is secret here is kept safe');
  }
  context.output.remark(
    [
      'The same from a shell:',
      ...orders.map((order) => `  ${context.output.commandLine(buildEquivalentArgs(order, options))}`),
    ].join('\n'),
  );
}

async function readPromptEnvironment(context: CommandContext): Promise<PromptEnvironment> {
  return context.directory.reading(async (operations) => {
    const users = await operations.listUsers();
    const groups = await operations.listGroups();
    const policies = await operations.listPolicies({});
    return {
      takenNames: new Set(users.map(({ UserName }) => foldCase(UserName))),
      groups: groups.map(({ GroupName, Comments }) => ({
        value: GroupName,
        name: GroupName,
        description: Comments ?? undefined,
      })),
      policies: policies.map(({ PolicyName, Description }) => ({
        value: PolicyName,
        name: PolicyName,
        description: Description ?? undefined,
      })),
      passwordPolicy: await operations.getPasswordPolicy(),
    };
  });
}

/** The command line that makes such a user. A password that was typed comes from stdin there. */
function buildEquivalentArgs(
  { user, logon, accessKey, groups = [], policies = [] }: NewUser,
  { secretTo, overwrite }: SinkOptions,
): string[] {
  const words = ['user', 'create', user.UserName];
  const add = (flag: string, value: string | undefined) => {
    if (value !== undefined) words.push(...flagWithValue(flag, value));
  };
  add('display-name', user.DisplayName);
  add('comments', user.Comments);
  add('email', user.Email);
  add('mobile-phone', user.MobilePhone);
  if (logon) {
    words.push('--console');
    if (logon.password !== undefined) words.push('--password-stdin');
    if (logon.PasswordResetRequired === false) add('password-reset', 'not-required');
    if (logon.MFABindRequired) add('mfa', 'required');
  }
  if (accessKey) words.push('--access-key');
  for (const group of groups) add('group', group);
  for (const policy of policies) add('policy', policy);
  add('secret-to', secretTo);
  if (overwrite) words.push('--overwrite');
  return words;
}
