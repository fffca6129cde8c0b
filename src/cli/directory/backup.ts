import { backupView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';
import type { SecretFileContent } from '../system.ts';
import { usageError } from '../usage-error.ts';

type Options = { withKey?: boolean; overwrite?: boolean };

const COPY_HINT = 'ramctl -d backup.json init && ramctl directory copy <target> backup.json';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('backup <file>', 'Back up the directory to a file or, with -, to stdout', {
    'Write a backup to a new file': 'ramctl directory backup directory-backup.json',
    'Write a backup with the key, which can decrypt all secrets':
      'ramctl directory backup directory-backup.json --with-key',
    'Print a backup on stdout': 'ramctl directory backup -',
  });
  verb.describe(`Writes a consistent copy of the directory to a new file that only you can read. The copy does not
    contain the key, without which its secrets cannot be decrypted. Refuses to replace a file without --overwrite.`);
  verb.option('--with-key', 'also write the key to a .key file next to the backup');
  verb.option('--overwrite', 'replace existing files');
  verb.setLocalAction<Options>(COPY_HINT, async ({ file, output, system }, options, path: string) => {
    const { withKey = false, overwrite = false } = options;
    const { text, AccountId, Users } = await file.readBackup();
    if (path === '-') {
      if (withKey) throw usageError('--with-key needs a file name for the backup instead of -', '--with-key');
      return output.print(text);
    }
    const KeyFile = withKey ? `${path.replace(/\.json$/, '')}.key` : null;
    const result = output.format(backupView, { Path: path, KeyFile, AccountId, Users });
    const contents: SecretFileContent[] = [[path, text]];
    // The key is written first, because a key without a backup reveals nothing.
    if (KeyFile !== null) contents.unshift([KeyFile, file.readKey()]);
    const names = contents.map(([name]) => name);
    const ownName = names.find(file.isOwnFile);
    if (ownName !== undefined) throw usageError(`${ownName} is a file of the directory itself`, 'file');
    const files = await system.openSecretFiles(overwrite);
    files.test(names);
    files.deliver(contents);
    await output.printCommitted(result);
    if (KeyFile === null)
      output.remark(`remark: The backup does not contain the key. Its secrets can be read only with ${file.KeyFile}.`);
  });
}
