import { backupView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';
import type { SecretSink } from '../system.ts';
import { usageError } from '../usage-error.ts';

interface Options {
  withKey?: boolean;
  overwrite?: boolean;
}

export function declareBackup(noun: RamctlCommand): void {
  const verb = noun.verb('backup <file>', 'a copy of the directory as it is now, to a new file or - for stdout', [
    'ramctl directory backup directory-backup.json',
    'ramctl directory backup -',
  ]);
  verb.option('--with-key', 'also copy the key, beside the copy; together they open every secret');
  verb.option('--overwrite', 'replace a file that is there');
  verb.setAction<Options>(async (context, { withKey = false, overwrite = false }, file: string) => {
    const { text, AccountId, Users } = await context.file.readBackup();
    if (file === '-') {
      if (withKey) throw usageError('--with-key needs a file beside which the key can be', '--with-key');
      await context.output.print(text);
      return;
    }
    const KeyFile = withKey ? `${file.replace(/\.json$/, '')}.key` : null;
    const result = context.output.format(backupView, { Path: file, KeyFile, AccountId, Users });
    // The key first: without the rest it tells nothing.
    const parts = [
      ...(KeyFile === null ? [] : [{ name: KeyFile, text: context.file.readKey() }]),
      { name: file, text },
    ];
    const opened: { sink: SecretSink; text: string }[] = [];
    try {
      for (const { name, text } of parts) {
        if (context.file.isOwnFile(name)) throw usageError(`${name} is a file of the directory itself`, 'file');
        opened.push({ sink: await context.system.openSecretFile(name, overwrite), text });
      }
      for (const { sink, text } of opened) await sink.deliver(() => text);
    } finally {
      for (const { sink } of opened) sink.discard();
    }
    await context.output.printCommitted(result);
    if (KeyFile === null)
      context.output.remark(`remark: without ${context.file.KeyFile}, which is not in it, the copy opens no secret`);
  });
}
