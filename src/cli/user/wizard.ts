import { Cancelled, type Choice } from '../../ask/prompter.ts';
import { askNewUsers, type GivenSettings, type WizardData } from '../../ask/user.ts';
import type { NewUser } from '../../core/workflows/provision.ts';
import { newUserListView } from '../../view/user.ts';
import { buildArgs } from '../args.ts';
import { requireArgumentPrompter } from '../choose.ts';
import type { CommandContext } from '../command-context.ts';
import { remarkOnWeakPassword } from '../password.ts';
import { remarkEquivalent } from '../remarks.ts';
import { type SinkOptions, toSinkFlags } from '../secret-sinks.ts';
import { type CreateOptions, checkNewUsers, createUsers } from './create-users.ts';
import { toProfileFlags } from './profile.ts';

export function buildNewUser(UserName: string, { user, hasConsoleLogon, logon, ...rest }: GivenSettings): NewUser {
  return { ...rest, user: { ...user, UserName }, logon: hasConsoleLogon ? logon : undefined };
}

/** Asks for what the options leave open, shows all new users for a review, and creates them in one transaction. */
export async function runWizard(context: CommandContext, options: CreateOptions, flags: GivenSettings): Promise<void> {
  const prompter = await requireArgumentPrompter(context, 'name', 'ramctl help user create');
  const data = await readWizardData(context);
  // Wrong options are refused before the first question. The name is a placeholder that no real user has.
  await checkNewUsers(context, options, [buildNewUser('_'.repeat(64), flags)]);
  const newUsers = await askNewUsers(prompter, flags, data);
  for (const { logon } of newUsers) remarkOnWeakPassword(context, logon?.password);
  await checkNewUsers(context, options, newUsers);
  await context.output.showPrompt(newUserListView, newUsers);
  const question = newUsers.length === 1 ? 'Create this user?' : `Create these ${newUsers.length} users?`;
  if (!(await prompter.confirm(question, true))) throw new Cancelled();
  await createUsers(context, options, newUsers);
  if (options.dryRun) return;
  const areSecretsOnScreen = options.secretTo === undefined || options.secretTo === 'stdout';
  const hasSecrets = newUsers.some(({ logon, accessKey }) => accessKey || (logon && logon.password === undefined));
  if (areSecretsOnScreen && hasSecrets) await prompter.pause('Press Enter after you have stored the secrets');
  remarkEquivalent(context, ...newUsers.map((newUser) => buildEquivalentArgs(newUser, options)));
}

async function readWizardData(context: CommandContext): Promise<WizardData> {
  return context.directory.reading(async (operations) => {
    const users = await operations.listUsers();
    const groups = await operations.listGroups();
    const policies = await operations.listPolicies({});
    return {
      takenNames: users.map(({ UserName }) => UserName),
      groups: groups.map(({ GroupName, Comments }) => toChoice(GroupName, Comments)),
      policies: policies.map(({ PolicyName, Description }) => toChoice(PolicyName, Description)),
      passwordPolicy: await operations.getPasswordPolicy(),
    };
  });
}

function toChoice(name: string, description: string | null): Choice<string> {
  return { value: name, name, description: description ?? undefined };
}

/** The command line that creates the user. It reads a typed password from stdin. */
function buildEquivalentArgs({ user, logon, accessKey, groups, policies }: NewUser, options: SinkOptions): string[] {
  const { UserName, ...profile } = user;
  return buildArgs(['user', 'create', UserName], {
    ...toProfileFlags(profile),
    console: logon !== undefined,
    'password-stdin': logon?.password !== undefined,
    'password-reset': logon?.PasswordResetRequired === false ? 'not-required' : undefined,
    mfa: logon?.MFABindRequired ? 'required' : undefined,
    'access-key': accessKey,
    group: groups,
    policy: policies,
    ...toSinkFlags(options),
  });
}
