import type { Rotation } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { rotationListView, rotationView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { throwChangedMeanwhile } from '../confirm-delete.ts';
import { changeAndShow } from '../output.ts';

export function declareRotation(noun: RamctlCommand): void {
  const part = noun.subgroup('rotation', 'rotations under way and past');
  const list = part.verb('list [user]', 'the rotations of a user, or of all', ['ramctl ak rotation list']);
  list.setAction(async (context, _, UserName: string | undefined) => {
    await context.output.show(rotationListView, await context.directory.listRotations({ UserName }));
  });
  declareFinish(part);
  declareRollback(part);
}

function declareFinish(part: RamctlCommand): void {
  const verb = part.verb('finish [user]', 'disable the old AccessKeys whose grace is over', [
    'ramctl ak rotation finish',
  ]);
  verb.addHelpText('after', '\nExit code 0 when nothing is pending any more, 5 while something is not due.');
  verb.setAction(async (context, _, UserName: string | undefined) => {
    let text = '';
    const { value: rotations } = await context.directory.atomically(async (operations) => {
      const outcome = await operations.finishRotations({ UserName });
      text = context.output.format(rotationListView, outcome);
      return outcome;
    });
    const open = rotations.find(({ State }) => State !== 'Done');
    if (!open) return context.output.printCommitted(text).then(() => undefined);
    const done = rotations.filter(({ State }) => State === 'Done').length;
    throw new Failure(
      'later',
      'RotationPending',
      `rotation ${open.RunId} of ${open.UserName} ${why(open, context.startedAt)}; ${done} finished`,
      {
        Hint: `ramctl ak rotation list ${open.UserName}`,
      },
    );
  });
}

function why({ DueDate, NewAccessKeyId }: Rotation, now: Date): string {
  if (DueDate === null) return 'was not delivered yet';
  return Date.parse(DueDate) > now.getTime()
    ? `is not due before ${DueDate}`
    : `waits, for ${NewAccessKeyId} is disabled`;
}

function declareRollback(part: RamctlCommand): void {
  const verb = part.verb('rollback <user>', 'enable the old AccessKey of the latest rotation and delete the new one', [
    'ramctl ak rotation rollback robot --yes',
  ]);
  verb.setAction(async (context, _, UserName: string) => {
    context.prompts.requireConfirmation();
    let shown: string | undefined;
    await context.prompts.confirm(async () => {
      const dryRun = context.directory.dryRun();
      const { OldAccessKeyId, NewAccessKeyId } = await dryRun.rollBackRotation({ UserName });
      shown = NewAccessKeyId;
      return { question: `Enable ${OldAccessKeyId} and delete ${NewAccessKeyId} for good?` };
    });
    await changeAndShow(context, rotationView, async (operations) => {
      const rotation = await operations.rollBackRotation({ UserName });
      if (shown !== undefined && shown !== rotation.NewAccessKeyId) throwChangedMeanwhile();
      return rotation;
    });
  });
}
