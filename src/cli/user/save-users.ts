import type { Prompter } from '../../ask/prompter.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { NewUser } from '../../core/workflows/provision.ts';
import { formatImportFile, IMPORT_FILE_NAME } from '../../view/import-file.ts';
import { buildArgs } from '../args.ts';
import type { CommandContext } from '../command-context.ts';
import { type SinkOptions, toSinkFlags } from '../secret-sinks.ts';

/**
 * Asks for a file name and saves the users in a new file for `user import`, without passwords. Prints the command that
 * imports the file.
 */
export async function saveUsers(context: CommandContext, options: SinkOptions, prompter: Prompter, users: NewUser[]) {
  const path = await askAndWrite(context, prompter, users);
  const lines = [`remark: ${path} was written. No user was created.`];
  const typed = users.filter(({ logon }) => logon?.password !== undefined).map(({ user }) => user.UserName);
  if (typed.length > 0) {
    lines.push(`remark: The file has no passwords. The import will generate a password for ${typed.join(', ')}.`);
  }
  if (users.some(({ user }) => user.Tag)) {
    lines.push('remark: The file has no tags. Set them after the import with ramctl user edit <name> --tag key=value.');
  }
  // A path that starts with a hyphen would be read as an option.
  const argument = path.startsWith('-') ? `./${path}` : path;
  const command = buildArgs(['user', 'import', argument], toSinkFlags(options));
  context.output.remark([...lines, 'Create the users with:', `  ${context.output.commandLine(command)}`].join('\n'));
}

/** Asks until the file can be written. Returns its path. */
async function askAndWrite(context: CommandContext, prompter: Prompter, users: NewUser[]): Promise<string> {
  let path = 'users.csv';
  for (let question = 'New file (.csv, .json or .yaml)'; ; ) {
    path = await prompter.text(question, { initial: path, validate: assertKnownExtension });
    const content = await formatImportFile(path, users);
    try {
      if (context.file?.isOwnFile(path)) throw new Failure('refused', 'FileExists', `${path} belongs to the directory`);
      (await context.system.openSecretFiles(false)).deliver([[path, content]]);
      return path;
    } catch (error) {
      if (!isFailure(error)) throw error;
      question = `${error.message}. Another file`;
    }
  }
}

function assertKnownExtension(path: string): void {
  if (IMPORT_FILE_NAME.test(path)) return;
  throw new Failure('refused', 'InvalidParameter.File', 'the file name must end in .csv, .json, .yaml or .yml');
}
