import { restoreView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';

const COPY_HINT = 'ramctl directory copy backup.json <target>';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('restore <file>', 'Replace the directory with a backup from a file or, with -, from stdin', {
    'Restore a backup after a confirmation; the replaced directory is kept under another name':
      'ramctl directory restore directory-backup.json',
    'Restore a backup without a confirmation': 'ramctl directory restore directory-backup.json --yes',
  });
  verb.describe(`Replaces the directory with a backup and keeps the replaced file under another name. Verifies the
    backup first, and changes nothing if it is damaged or if its key is missing. Asks for a confirmation.`);
  verb.setLocalAction(COPY_HINT, async ({ file, output, prompts, readInput }, _, path: string) => {
    prompts.requireConfirmation();
    const { text } = await readInput(path);
    const { AccountId, Users, restore } = await file.openBackup(text, path === '-' ? undefined : path);
    const { Path } = file;
    const format = (Kept: string | null) => output.format(restoreView, { Path, Kept, AccountId, Users });
    // A result that cannot be formatted must fail before anything is replaced.
    format(null);
    await prompts.confirm(async () => ({
      question: `Replace ${Path} with the backup of account ${AccountId} (users: ${Users})? The replaced file is kept.`,
    }));
    await output.printCommitted(format(await restore()));
  });
}
