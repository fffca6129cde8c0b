import { restoreView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';

export function declareRestore(noun: RamctlCommand): void {
  const verb = noun.verb('restore <file>', 'put a backup (or - for stdin) in the place of the directory', [
    'ramctl directory restore directory-backup.json --yes',
  ]);
  verb.setAction(async (context, _, file: string) => {
    context.prompts.requireConfirmation();
    const { text } = await context.readInput(file);
    const { Path } = context.file;
    const { AccountId, Users, restore } = await context.file.openBackup(text, file === '-' ? undefined : file);
    const result = (Kept: string | null) => context.output.format(restoreView, { Path, Kept, AccountId, Users });
    result(null);
    await context.prompts.confirm(async () => ({
      question: `Put account ${AccountId} with ${Users} users in the place of ${Path}? What is there is kept.`,
    }));
    await context.output.printCommitted(result(await restore()));
  });
}
