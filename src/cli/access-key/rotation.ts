import type { Rotation } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { rotationListView, rotationView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

export function declare(noun: RamctlCommand): void {
  const subgroup = noun.subgroup('rotation', 'List, finish and roll back rotations');
  declareList(subgroup);
  declareFinish(subgroup);
  declareRollback(subgroup);
}

function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list [user]', 'List rotations', {
    'List the rotations of all users': 'ramctl ak rotation list',
    'List the rotations of one user': 'ramctl ak rotation list robot',
  });
  verb.describe(
    'Prints the rotations of a user or of all users, the oldest of each user first. In an account or on a server, only the latest rotation of each user is known.',
  );
  verb.setAction(async (context, _, UserName: string | undefined) => {
    await context.output.show(rotationListView, await context.directory.listRotations({ UserName }));
  });
}

function declareFinish(noun: RamctlCommand): void {
  const verb = noun.verb('finish [user]', 'Disable the old AccessKeys that are due', {
    'Finish the rotations of all users': 'ramctl ak rotation finish',
    'Finish the rotation of one user': 'ramctl ak rotation finish robot',
  });
  verb.describe(`Disables each old AccessKey whose grace period is over, and prints the finished rotations. Ends with
    exit code 5 while a rotation is pending that cannot be finished yet.`);
  verb.setAction(async (context, _, UserName: string | undefined) => {
    let text = '';
    const { value: rotations } = await context.directory.atomically(async (operations) => {
      const outcome = await operations.finishRotations({ UserName });
      text = context.output.format(rotationListView, outcome);
      return outcome;
    });
    const pending = rotations.filter(({ State }) => State !== 'Done');
    const [first] = pending;
    if (first) {
      const reason = formatPendingReason(first, context.startedAt);
      const finished = rotations.length - pending.length;
      const message = `rotation ${first.RunId} of ${first.UserName} ${reason}; ${finished} finished`;
      throw new Failure('later', 'RotationPending', message, {
        Hint: shellCommand`ramctl ak rotation list ${first.UserName}`,
      });
    }
    await context.output.printCommitted(text);
  });
}

function formatPendingReason({ DueDate, NewAccessKeyId }: Rotation, now: Date): string {
  if (DueDate === null) return 'was not delivered yet';
  if (Date.parse(DueDate) > now.getTime()) return `is not due before ${DueDate}`;
  return `cannot be finished because ${NewAccessKeyId} is disabled`;
}

function declareRollback(noun: RamctlCommand): void {
  const verb = noun.verb('rollback <user>', 'Roll back the latest rotation of a user', {
    'Return to the old AccessKey without a question': 'ramctl ak rotation rollback robot --yes',
    'Print the rotation as JSON': 'ramctl ak rotation rollback robot --yes --output json',
  });
  verb.describe(`Enables the old AccessKey of the latest rotation and permanently deletes the new one, after a
    confirmation. An AccessKey that was deleted by "ak rotate --replace" stays deleted. Prints the rotation.`);
  verb.setAction(async (context, _, UserName: string) => {
    await confirmAndDelete(context, {
      view: rotationView,
      hasPreview: false,
      remove: (operations) => operations.rollBackRotation({ UserName }),
      question: ({ OldAccessKeyId, NewAccessKeyId }) => ({
        question: `Enable ${OldAccessKeyId} and permanently delete ${NewAccessKeyId}?`,
      }),
    });
  });
}
