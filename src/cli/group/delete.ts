import { dissolve } from '../../core/journeys/group.ts';
import { goneGroupsView } from '../../view/group.ts';
import type { RamctlCommand } from '../command.ts';

interface Options {
  cascade?: boolean;
  dryRun?: boolean;
}

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'delete groups, all of them or none; their members stay', [
    'ramctl group delete operators --cascade --yes',
  ]);
  verb.option('--cascade', 'also take out their members and policies');
  verb.option('--dry-run', 'print what would go, delete nothing');
  verb.does<Options>(async (app, { cascade = false, dryRun = false }, names: string[]) => {
    const rehearse = async () =>
      (await app.directory.rehearsal().atomically((operations) => dissolve(operations, names, cascade))).value;
    if (dryRun) {
      await app.show(goneGroupsView, await rehearse());
      app.note('dry run: nothing was deleted');
      return undefined;
    }
    app.confirm.ready();
    await app.confirm.ask(async () => {
      const going = await rehearse();
      await app.tell(goneGroupsView, going);
      return { question: `Delete ${going.map(({ GroupName }) => GroupName).join(', ')}?` };
    });
    await app.change(goneGroupsView, (operations) => dissolve(operations, names, cascade));
  });
}
