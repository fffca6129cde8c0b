import { backupView } from '../../view/directory.ts';
import { type Sink, usage } from '../app.ts';
import type { RamctlCommand } from '../command.ts';

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
  verb.does<Options>(async (app, { withKey = false, overwrite = false }, file: string) => {
    const { text, AccountId, Users } = await app.place.copy();
    if (file === '-') {
      if (withKey) throw usage('--with-key needs a file beside which the key can be', '--with-key');
      await app.print(text);
      return;
    }
    const KeyFile = withKey ? `${file.replace(/\.json$/, '')}.key` : null;
    const result = app.format(backupView, { Path: file, KeyFile, AccountId, Users });
    // The key first: without the rest it tells nothing.
    const parts = [...(KeyFile === null ? [] : [{ name: KeyFile, text: app.place.key() }]), { name: file, text }];
    const opened: { sink: Sink; text: string }[] = [];
    try {
      for (const { name, text } of parts) {
        if (app.place.owns(name)) throw usage(`${name} is a file of the directory itself`, 'file');
        opened.push({ sink: await app.openFile(name, overwrite), text });
      }
      for (const { sink, text } of opened) await sink.deliver(() => text);
    } finally {
      for (const { sink } of opened) sink.abandon();
    }
    await app.printDone(result);
    if (KeyFile === null)
      app.note(`remark: without ${app.place.KeyFile}, which is not in it, the copy opens no secret`);
  });
}
