import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Settings from the environment. An empty variable counts as unset; `0` and `false` turn a setting off. */
export function readEnvironment(variables: NodeJS.ProcessEnv) {
  const readText = (name: string) => variables[name] || undefined;
  const readFlag = (name: string) =>
    readText(name) === undefined ? undefined : !/^(0|false)$/i.test(variables[name] ?? '');
  const noInput = readFlag('RAMCTL_NO_INPUT') ?? readFlag('CI');
  const forceColor = readFlag('FORCE_COLOR') ?? (readFlag('NO_COLOR') ? false : undefined);
  const color: 'always' | 'never' | undefined = forceColor === undefined ? undefined : forceColor ? 'always' : 'never';
  return {
    directory: readText('RAMCTL_DIRECTORY'),
    output: readText('RAMCTL_OUTPUT'),
    input: noInput === undefined ? undefined : !noInput,
    color,
    keyFile: readText('RAMCTL_KEY_FILE'),
    actor: readText('RAMCTL_ACTOR'),
    aliyunConfigPath: join(ensureHomeFolder(), '.aliyun', 'config.json'),
    githubOutputPath: variables.GITHUB_ACTIONS === 'true' ? readText('GITHUB_OUTPUT') : undefined,
  };
}

/** Returns the name of the user of the system; `uid:` and the number when the user has no name, as in some containers. */
export function readUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid:${process.getuid?.()}`;
  }
}

/** Sets the home folder to `/` when the user has none, as in some containers. Libraries would fail without one. */
function ensureHomeFolder(): string {
  try {
    return homedir();
  } catch {
    process.env.HOME = '/';
    return homedir();
  }
}
