import { checkView, directoryPathsView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { declareBackup } from './backup.ts';
import { declareRestore } from './restore.ts';

export function declare(noun: RamctlCommand): void {
  noun.verb('path', 'where the directory is', ['ramctl directory path']).setAction(async (context) => {
    const { Path, KeyFile } = context.file;
    await context.output.show(directoryPathsView, { Path, KeyFile });
  });
  noun.verb('check', 'is the directory whole?', ['ramctl directory check']).setAction(async (context) => {
    const { Path, KeyFile } = context.file;
    const Findings = await context.file.findProblems();
    const Whole = Findings.length === 0;
    await context.output.show(checkView, { Path, KeyFile, Exists: context.file.exists(), Whole, Findings });
    return Whole ? EXIT_CODES.success : EXIT_CODES.denied;
  });
  declareBackup(noun);
  declareRestore(noun);
}
