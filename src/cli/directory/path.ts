import { directoryPathsView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('path', 'Print the path of the directory', {
    'Print the path of the directory': 'ramctl directory path',
    'Print the path of the key file': 'ramctl directory path --query KeyFile',
  });
  verb.describe(`Prints the path of the directory, which need not exist, or the name of another target. Other formats also have
    the path of the key.`);
  verb.setAction(({ file, target, output }) =>
    output.show(directoryPathsView, {
      Path: file?.Path ?? null,
      KeyFile: file?.KeyFile ?? null,
      Directory: target.name,
      Target: target.kind,
    }),
  );
}
