import { createsLogon, type MadeChange, type MakeOptions, makeChanges } from '../core/description/make-changes.ts';
import type { Change } from '../core/description/plan.ts';
import { planView } from '../view/plan.ts';
import { commandLine, withDirectory } from './args.ts';
import type { CommandContext } from './command-context.ts';
import { checkDelivery, deliverSecrets, type SecretResult } from './deliver-secrets.ts';
import type { SinkOptions } from './secret-sinks.ts';

/** The changes that a verb makes. */
export interface PlannedChanges extends Pick<MakeOptions, 'beforeChanges' | 'nameChange'> {
  options: SinkOptions & { dryRun?: boolean };
  changes: Change[];
  /** The directory of the changes for commands in hints, if it is not that of `--directory`. */
  directoryName?: string;
}

/** Makes the changes, delivers new secrets, and prints what was made. @throws as `deliverSecrets` and `makeChanges` */
export async function makePlan(context: CommandContext, plan: PlannedChanges): Promise<void> {
  const { output, directory, target } = context;
  const { options, changes, beforeChanges, nameChange } = plan;
  const isRemote = target.kind !== 'local';
  // In a local directory, only the hashing of passwords takes time.
  const steps = changes.filter(createsLogon).length + (isRemote ? changes.length : 0);
  const { step, done } = await output.openProgress('making changes', steps);
  const makeOptions = {
    onPassword: step,
    beforeChanges,
    ...(nameChange && { nameChange }),
    ...(isRemote && { onChange: step }),
  };
  try {
    await deliverSecrets<MadeChange[]>(context, options, (prepare) => {
      const beforeCommit = (made: MadeChange[]) => prepare(buildSecretResult(made, plan));
      return makeChanges(directory, changes, beforeCommit, makeOptions);
    });
  } finally {
    done();
  }
}

/** Makes the changes in a dry run, so that what the directory or the secret sink would refuse is reported. */
export async function checkPlan(context: CommandContext, plan: PlannedChanges): Promise<void> {
  const { options, changes, nameChange } = plan;
  await checkDelivery<MadeChange[]>(context, options, (prepare) => {
    const beforeCommit = (made: MadeChange[]) => prepare(buildSecretResult(made, plan));
    return makeChanges(context.directory.dryRun(), changes, beforeCommit, nameChange && { nameChange });
  });
}

/** Checks the changes and prints them without making them, with remarks about permissions. */
export async function printPlan(context: CommandContext, plan: PlannedChanges, permissions: string[] = []) {
  await checkPlan(context, plan);
  await context.output.show(planView(), plan.changes);
  for (const line of permissions) context.output.remark(line);
  context.output.remark('remark: This was a dry run. Nothing was changed.');
}

function buildSecretResult(made: MadeChange[], { options, directoryName }: PlannedChanges): SecretResult<MadeChange[]> {
  const { secretTo = 'stdout' } = options;
  const users = made.filter(({ UserPrincipalName }) => UserPrincipalName !== undefined);
  const isElsewhere = users.length > 0 && secretTo !== 'stdout';
  return {
    view: planView({ isMade: true, destination: isElsewhere ? secretTo : undefined }),
    result: made,
    credentials: users.map(({ UserPrincipalName = '', Password, LogonUrl, AccessKey }) => ({
      UserPrincipalName,
      Password,
      LogonUrl,
      AccessKeyId: AccessKey?.AccessKeyId,
      AccessKeySecret: AccessKey?.AccessKeySecret,
    })),
    userResults: users,
    undelivered: {
      name: `user ${users.map(({ Name }) => Name).join(' ')}`,
      command: withDirectory(
        users.flatMap(removeCommands).join(' && '),
        directoryName === undefined ? [] : ['-d', directoryName],
      ),
    },
  };
}

/** Returns the commands that remove what has an undelivered secret. */
function removeCommands({ Name, Action, Password, AccessKey }: MadeChange): string[] {
  if (Action === 'create') return [commandLine(['user', 'delete', Name, '--cascade'])];
  return [
    ...(Password === undefined ? [] : [commandLine(['login', 'delete', Name])]),
    ...(AccessKey ? [commandLine(['ak', 'delete', Name, AccessKey.AccessKeyId, '--force'])] : []),
  ];
}
