import { Failure } from '../../core/failure.ts';
import { rotationListView, rotationView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';

export function declareRotation(noun: RamctlCommand): void {
  const part = noun.part('rotation', 'rotations under way and past');
  const list = part.verb('list [user]', 'the rotations of a user, or of all', ['ramctl ak rotation list']);
  list.does(async (app, _, UserName: string | undefined) => {
    await app.show(rotationListView, await app.directory.listRotations({ UserName }));
  });
  declareFinish(part);
  declareRollback(part);
}

function declareFinish(part: RamctlCommand): void {
  const verb = part.verb('finish [user]', 'disable the old AccessKeys whose grace is over', [
    'ramctl ak rotation finish',
  ]);
  verb.addHelpText('after', '\nExit code 0 when nothing is pending any more, 5 while something is not due.');
  verb.does(async (app, _, UserName: string | undefined) => {
    const { value: rotations } = await app.directory.atomically((operations) =>
      operations.finishRotations({ UserName }),
    );
    const open = rotations.find(({ State }) => State !== 'Done');
    if (!open) return app.show(rotationListView, rotations).then(() => undefined);
    const when = open.DueDate === null ? 'was not delivered yet' : `is not due before ${open.DueDate}`;
    const done = rotations.filter(({ State }) => State === 'Done').length;
    throw new Failure(
      'later',
      'RotationPending',
      `rotation ${open.RunId} of ${open.UserName} ${when}; ${done} finished`,
      {
        Hint: `ramctl ak rotation list ${open.UserName}`,
      },
    );
  });
}

function declareRollback(part: RamctlCommand): void {
  const verb = part.verb('rollback <user>', 'enable the old AccessKey of the latest rotation and delete the new one', [
    'ramctl ak rotation rollback robot --yes',
  ]);
  verb.does(async (app, _, UserName: string) => {
    app.confirm.ready();
    await app.confirm.ask(async () => {
      const rehearsal = app.directory.rehearsal();
      const { OldAccessKeyId, NewAccessKeyId } = await rehearsal.rollBackRotation({ UserName });
      return { question: `Enable ${OldAccessKeyId} and delete ${NewAccessKeyId} for good?` };
    });
    await app.change(rotationView, (operations) => operations.rollBackRotation({ UserName }));
  });
}
