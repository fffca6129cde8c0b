import { restoreView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';

export function declareRestore(noun: RamctlCommand): void {
  const verb = noun.verb('restore <file>', 'put a backup (or - for stdin) in the place of the directory', [
    'ramctl directory restore directory-backup.json --yes',
  ]);
  verb.does(async (app, _, file: string) => {
    app.confirm.ready();
    const { text } = await app.read(file);
    const { Path } = app.place;
    const { AccountId, Users, restore } = await app.place.examine(text, file === '-' ? undefined : file);
    const result = (Kept: string | null) => app.format(restoreView, { Path, Kept, AccountId, Users });
    result(null);
    await app.confirm.ask(async () => ({
      question: `Put account ${AccountId} with ${Users} users in the place of ${Path}? What is there is kept.`,
    }));
    await app.printDone(result(await restore()));
  });
}
