import { checkView, directoryPathsView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { declareBackup } from './backup.ts';
import { declareRestore } from './restore.ts';

export function declare(noun: RamctlCommand): void {
  const path = noun.verb('path', 'Print the paths of the directory and its key', [
    '# Print the path of the directory',
    'ramctl directory path',
    '# Print the path of the key file',
    'ramctl directory path --query KeyFile',
  ]);
  path.setAction(async ({ file: { Path, KeyFile }, output }) => {
    await output.show(directoryPathsView, { Path, KeyFile });
  });
  const check = noun.verb('check', 'Check the directory for damage', [
    '# Check the directory; the exit code is 4 if there are problems',
    'ramctl directory check',
    '# Print the problems as JSON',
    'ramctl directory check --output json --query Findings',
  ]);
  check.setAction(async ({ file, output }) => {
    const Findings = await file.findProblems();
    const Whole = Findings.length === 0;
    const { Path, KeyFile } = file;
    await output.show(checkView, { Path, KeyFile, Exists: file.exists(), Whole, Findings });
    return Whole ? EXIT_CODES.success : EXIT_CODES.denied;
  });
  declareBackup(noun);
  declareRestore(noun);
}
