import { askGroup } from '../../ask/group.ts';
import { orNull } from '../../core/failure.ts';
import { describeGroup } from '../../core/journeys/group.ts';
import { fold } from '../../core/state.ts';
import { groupView } from '../../view/group.ts';
import type { App } from '../app.ts';
import type { RamctlCommand } from '../command.ts';
import { flagged } from '../report.ts';

interface Options {
  comments?: string;
  ifNotExists?: boolean;
}

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create [name]', 'create a group', [
    'ramctl group create operators --comments "Those on call"',
    'ramctl group create operators --if-not-exists',
  ]);
  verb.option('--comments <text>', 'remarks');
  verb.option('--if-not-exists', 'print a group that exists already, and make nothing');
  verb.does<Options>(async (app, { comments, ifNotExists }, name: string | undefined) => {
    const group =
      name === undefined
        ? await askNewGroup(app, comments)
        : { GroupName: name, ...(comments === undefined ? {} : { Comments: comments }) };
    const { GroupName } = group;
    if (ifNotExists) {
      const present = await app.directory.reading((operations) =>
        orNull(describeGroup(operations, GroupName), 'EntityNotExist.Group'),
      );
      if (present) return void (await app.show(groupView, present));
    }
    await app.change(groupView, async (operations) => {
      await operations.createGroup(group);
      return describeGroup(operations, GroupName);
    });
    if (name === undefined) {
      const words = group.Comments === undefined ? [] : flagged('comments', group.Comments);
      app.note(`The same from a shell:\n  ${app.command(['group', 'create', GroupName, ...words])}`);
    }
  });
}

async function askNewGroup(app: App, comments: string | undefined) {
  const hint = 'ramctl help group create';
  const prompter = await app.ask({ what: "missing required argument 'name'", field: 'name', hint });
  const groups = await app.directory.listGroups();
  const known = { GroupName: '', Comments: comments ?? null };
  const asked = await askGroup(prompter, known, new Set(groups.map(({ GroupName }) => fold(GroupName))));
  return { GroupName: asked.GroupName, ...(asked.Comments === '' ? {} : { Comments: asked.Comments }) };
}
