import type { NewAccessKey } from '../core/directory.ts';
import { stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import { type Credential, credentialsEnv, credentialsIni, githubOutput } from '../view/credentials.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './command-context.ts';
import type { SecretFileContent, SecretFiles, SecretSink } from './system.ts';
import { usageError } from './usage-error.ts';

export type SinkOptions = { secretTo?: string; overwrite?: boolean; configPath?: string };

/** A secret that a command has created. Not every sink can hold every kind. */
export interface Secret {
  kind: 'password' | 'AccessKey' | 'MFA seed';
  text: string;
}

/** The secrets of one user, and the part of the result about this user. */
export type UserSecrets = { credential: Credential; result: unknown };

/** The format in which a sink holds secrets. */
export interface SecretFormat {
  /** The name of the sink in error messages. */
  name: string;
  accepts: Secret['kind'][];
  /** Whether it can hold the secrets of one user only. */
  isForOneUser?: true;
  buildContent: ContentBuilder;
  /** Prepares and tests the destinations that depend on the users. Called before the commit. @throws Failure */
  beforeCommit?(users: UserSecrets[]): void;
  /** The text that is written to stderr before the secrets are delivered. */
  formatMaskCommands?(secrets: Secret[]): string;
}

/** Returns the new content of a sink. `result` is the complete result of the command. */
type ContentBuilder = (credentials: Credential[], present: string | undefined, result: unknown) => string;

/** A sink that was opened and tested. Without a format, the formatted result is delivered to it. */
type OpenSink = { sink: SecretSink; format?: SecretFormat };

/** Returns a Failure for an invalid `--secret-to`. */
export const sinkError = (message: string) => usageError(message, '--secret-to');

/** Adds the options of a verb that creates a secret. */
export function addSinkOptions(verb: RamctlCommand): RamctlCommand {
  const sinks = 'stdout, file:PATH (.json .csv .env .ini; {user} is the user name), aliyun:PROFILE, github';
  return verb
    .option('--secret-to <sink>', `destination of secrets: ${sinks}`)
    .option('--overwrite', 'replace an existing file with --secret-to file:PATH')
    .option('--config-path <path>', 'aliyun CLI configuration for aliyun:PROFILE (default: ~/.aliyun/config.json)');
}

/** Returns the options of `addSinkOptions` for `buildArgs`. */
export function toSinkFlags({ secretTo, overwrite, configPath }: SinkOptions) {
  return { 'secret-to': secretTo, overwrite, 'config-path': configPath };
}

/**
 * Opens and tests the sink that the options name.
 * @throws Failure `usage`, `refused`, `later`
 */
export async function openSecretSink(context: CommandContext, options: SinkOptions): Promise<OpenSink> {
  const { kind, target, configPath } = parseSinkOptions(context, options);
  if (kind === 'file') return openFile(context, target, options.overwrite);
  if (kind === 'aliyun') return openProfile(context, target, configPath);
  if (kind === 'github') return openStepOutput(context);
  return { sink: { deliver: async (content) => context.output.print(content(undefined)), discard: () => {} } };
}

type FileFormat = Omit<SecretFormat, 'name' | 'buildContent'> & { load(): Promise<ContentBuilder> };

/** The formats of files by extension. The library for CSV is loaded only if it is used. */
const FILE_FORMATS: Record<string, FileFormat> = {
  '.json': {
    accepts: ['password', 'AccessKey', 'MFA seed'],
    load: async () => (_credentials, _present, result) => `${JSON.stringify(result, null, 2)}\n`,
  },
  '.csv': { accepts: ['password', 'AccessKey'], load: async () => (await import('../view/csv.ts')).credentialsCsv },
  '.env': { accepts: ['password', 'AccessKey'], isForOneUser: true, load: async () => formatEach(credentialsEnv) },
  '.ini': { accepts: ['AccessKey'], isForOneUser: true, load: async () => formatEach(credentialsIni) },
};

function formatEach(format: (credential: Credential) => string): ContentBuilder {
  return (credentials) => credentials.map((credential) => format(credential)).join('');
}

async function openFile(context: CommandContext, path: string, overwrite = false): Promise<OpenSink> {
  const extension = /\.[a-z]+$/i.exec(path)?.[0].toLowerCase() ?? '';
  const fileFormat = FILE_FORMATS[extension];
  const extensions = Object.keys(FILE_FORMATS).join(', ');
  if (!fileFormat) throw sinkError(`--secret-to needs a file name that ends in one of ${extensions}`);
  if (context.file?.isOwnFile(path)) throw sinkError('--secret-to would overwrite a file of the directory');
  const format = { ...fileFormat, name: `a ${extension} file`, buildContent: await fileFormat.load() };
  const files = await context.system.openSecretFiles(overwrite);
  if (path.includes(USER_PLACEHOLDER)) return planFileForEachUser(context, path, files, format);
  files.test([path]);
  const sink: SecretSink = {
    deliver: async (content) => files.deliver([[path, content(undefined)]]),
    discard: files.discard,
  };
  return { sink, format };
}

/** In the path of a file, it is replaced by the user name. Each user then gets a separate file. */
const USER_PLACEHOLDER = '{user}';

/** Returns the options with the name of an existing user in the place of `{user}`. @throws Failure EntityNotExist.User */
export async function resolveSinkOptions<T extends SinkOptions>(context: CommandContext, options: T, name: string) {
  const { secretTo } = options;
  if (!secretTo?.startsWith('file:') || !secretTo.includes(USER_PLACEHOLDER)) return options;
  const { UserName } = await context.directory.getUser({ UserName: name });
  return { ...options, secretTo: buildUserPath(secretTo, UserName) };
}

function buildUserPath(template: string, userName: string): string {
  const isPathSegment = userName === '.' || userName === '..';
  if (isPathSegment) throw sinkError(`the user name ${userName} has a special meaning in a path; do not use {user}`);
  return template.replaceAll(USER_PLACEHOLDER, userName);
}

/** Plans a file for each user. The users, and therefore the paths, are known shortly before the commit. */
function planFileForEachUser(
  { file }: CommandContext,
  template: string,
  files: SecretFiles,
  { isForOneUser: _, ...format }: SecretFormat,
): OpenSink {
  let contents: SecretFileContent[] = [];
  const beforeCommit = (users: UserSecrets[]) => {
    contents = users.map(({ credential, result }) => {
      const [userName = ''] = credential.UserPrincipalName.split('@');
      const path = buildUserPath(template, userName);
      if (file?.isOwnFile(path)) throw sinkError('--secret-to would overwrite a file of the directory');
      return [path, format.buildContent([credential], undefined, result)];
    });
    files.test(contents.map(([path]) => path));
  };
  const sink = { deliver: async () => files.deliver(contents), discard: files.discard };
  return { sink, format: { ...format, beforeCommit } };
}

/** Opens a profile of the official CLI. */
async function openProfile(context: CommandContext, profile: string, path: string): Promise<OpenSink> {
  const { setProfileKeyPair } = await import('../view/aliyun-config.ts');
  if (stripUnsafeCharacters(profile) !== profile)
    throw sinkError('the profile name contains control or bidirectional characters');
  if (path === '') throw usageError('--config-path is empty', '--config-path');
  if (context.file?.isOwnFile(path)) throw usageError('--config-path is a file of the directory', '--config-path');
  const sink = await context.system.openSharedFile(path);
  try {
    // Tests whether the file can be edited.
    setProfileKeyPair(sink.read(), profile, '', '');
  } catch (error) {
    sink.discard();
    throw error;
  }
  const buildContent: ContentBuilder = ([credential], present) =>
    setProfileKeyPair(present, profile, credential?.AccessKeyId ?? '', credential?.AccessKeySecret ?? '');
  return { sink, format: { name: 'a profile', accepts: ['AccessKey'], isForOneUser: true, buildContent } };
}

/** Opens the output file of the current GitHub Actions step. @throws Failure `usage` outside of GitHub Actions */
async function openStepOutput({ system }: CommandContext): Promise<OpenSink> {
  const { githubOutputPath } = system.environment;
  if (githubOutputPath === undefined || (await system.tryReadSecretFile(githubOutputPath)) === undefined)
    throw sinkError('--secret-to github works only in GitHub Actions, with a file in GITHUB_OUTPUT');
  const delimiter = `ramctl_${await system.randomToken()}`;
  const format: SecretFormat = {
    name: 'GITHUB_OUTPUT',
    accepts: ['password', 'AccessKey'],
    isForOneUser: true,
    buildContent: (credentials, present) => {
      const outputs = credentials.map((credential) => githubOutput(credential, delimiter)).join('');
      return present && !present.endsWith('\n') ? `\n${outputs}` : outputs;
    },
    // The runner decodes %25 to %.
    formatMaskCommands: (secrets) => secrets.map(({ text }) => `::add-mask::${text.replaceAll('%', '%25')}\n`).join(''),
  };
  return { sink: await system.openAppendFile(githubOutputPath), format };
}

/**
 * Returns whether the sink holds this AccessKey. An empty secret is not known and matches each secret. False if the sink
 * cannot be read: stdout and github.
 */
export async function containsKeyPair(context: CommandContext, options: SinkOptions, key: NewAccessKey) {
  const { AccessKeyId, AccessKeySecret } = key;
  const { kind, target, configPath } = parseSinkOptions(context, options);
  if (kind === 'file') {
    const text = (await context.system.tryReadSecretFile(target)) ?? '';
    return text.includes(AccessKeySecret) && text.includes(AccessKeyId);
  }
  if (kind !== 'aliyun') return false;
  const { findKeyPair } = await import('../view/aliyun-config.ts');
  const present = findKeyPair(await context.system.tryReadSecretFile(configPath), target);
  return present?.AccessKeyId === AccessKeyId && ['', present.AccessKeySecret].includes(AccessKeySecret);
}

/** `target` is the path of a file or the name of a profile. `configPath` is the configuration file of the aliyun CLI. */
function parseSinkOptions({ system }: CommandContext, { secretTo = 'stdout', overwrite, configPath }: SinkOptions) {
  const [, kind = '', target = ''] = /^(stdout$|github$|file(?=:.)|aliyun(?=:.)):?(.*)$/s.exec(secretTo) ?? [];
  if (kind === '') throw sinkError('--secret-to must be stdout, file:PATH, aliyun:PROFILE or github');
  if (overwrite && kind !== 'file') throw usageError('--overwrite requires --secret-to file:PATH', '--overwrite');
  if (configPath !== undefined && kind !== 'aliyun')
    throw usageError('--config-path requires --secret-to aliyun:PROFILE', '--config-path');
  return { kind, target, configPath: configPath ?? system.environment.aliyunConfigPath ?? '' };
}
