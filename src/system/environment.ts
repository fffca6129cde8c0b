import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the environment sets: an empty variable counts as unset; `0` and `false` switch off. */
export interface Environment {
  directory?: string | undefined;
  output?: string | undefined;
  /** False when nobody may be asked; undefined when the environment does not say. */
  input?: boolean | undefined;
  color?: 'always' | 'never' | undefined;
  keyFile?: string | undefined;
  jobOutput?: string | undefined;
  aliyunConfig: string;
}

export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const text = (name: string) => variables[name] || undefined;
  const flag = (name: string) => (text(name) === undefined ? undefined : !/^(0|false)$/i.test(variables[name] ?? ''));
  const silent = flag('RAMCTL_NO_INPUT') ?? flag('CI');
  const forced = flag('FORCE_COLOR');
  return {
    directory: text('RAMCTL_DIRECTORY'),
    output: text('RAMCTL_OUTPUT'),
    input: silent === undefined ? undefined : !silent,
    color: forced === undefined ? (flag('NO_COLOR') ? 'never' : undefined) : forced ? 'always' : 'never',
    keyFile: text('RAMCTL_KEY_FILE'),
    aliyunConfig: join(findHomeFolder(), '.aliyun', 'config.json'),
    jobOutput: variables.GITHUB_ACTIONS === 'true' ? text('GITHUB_OUTPUT') : undefined,
  };
}

/** The root for a user without a home, as containers have it: libraries that look for one would fall over. */
function findHomeFolder(): string {
  try {
    return homedir();
  } catch {
    process.env.HOME = '/';
    return homedir();
  }
}
