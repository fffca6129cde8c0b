import { checkView, pathView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT } from '../exit.ts';
import { declareBackup } from './backup.ts';
import { declareRestore } from './restore.ts';

export function declare(noun: RamctlCommand): void {
  noun.verb('path', 'where the directory is', ['ramctl directory path']).does(async (app) => {
    const { Path, KeyFile } = app.place;
    await app.show(pathView, { Path, KeyFile });
  });
  noun.verb('check', 'is the directory whole?', ['ramctl directory check']).does(async (app) => {
    const { Path, KeyFile } = app.place;
    const Findings = await app.place.check();
    const Whole = Findings.length === 0;
    await app.show(checkView, { Path, KeyFile, Exists: app.place.exists(), Whole, Findings });
    return Whole ? EXIT.done : EXIT.denied;
  });
  declareBackup(noun);
  declareRestore(noun);
}
