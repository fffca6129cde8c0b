import { stripControlCharacters } from '../core/control-characters.ts';
import type { Credential } from '../view/credentials.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import type { SecretSink } from './system.ts';
import { usageError } from './usage-error.ts';

export interface SinkOptions {
  secretTo?: string;
  overwrite?: boolean;
  configPath?: string;
}

/** A secret that a command made; the kind tells which sink can hold it. */
export interface Secret {
  kind: 'password' | 'AccessKey' | 'MFA seed';
  text: string;
}

/** How a kind of sink holds secrets. */
export interface SecretFormat {
  /** What it is called when it cannot hold something. */
  name: string;
  accepts: Secret['kind'][];
  /** How many users' secrets fit in. */
  maxUsers: number;
  /** The sink's new content, given what was there; `json` is the whole result. */
  buildContent(credentials: Credential[], json: () => string): (present: string | undefined) => string;
  /** What has to be said before it is delivered. */
  formatMaskCommands?(secrets: Secret[]): string;
}

/** Where secrets go: a sink that was opened and tested. Without a form the result itself goes there. */
export interface FormattedSink {
  sink: SecretSink;
  format?: SecretFormat;
}

/** The options of a verb that makes a secret. */
export function addSinkOptions(verb: RamctlCommand): RamctlCommand {
  verb.option(
    '--secret-to <sink>',
    'where secrets go: stdout, file:PATH (.json .csv .env .ini), aliyun:PROFILE, github',
  );
  verb.option('--overwrite', 'let --secret-to file:PATH replace a file');
  verb.option('--config-path <path>', "the official CLI's file for aliyun:PROFILE (default: ~/.aliyun/config.json)");
  return verb;
}

/**
 * Opens and tests the sink that the options name.
 * @throws Failure `usage`, `refused`, `later`
 */
export async function openSecretSink(context: CommandContext, options: SinkOptions): Promise<FormattedSink> {
  const { kind, rest } = parseSinkOptions(options);
  if (kind === 'file') {
    const format = await loadFileFormat(rest);
    if (context.file.isOwnFile(rest))
      throw usageError('--secret-to would overwrite the directory itself', '--secret-to');
    return { sink: await context.system.openSecretFile(rest, options.overwrite ?? false), format };
  }
  if (kind === 'aliyun') {
    const { setProfileKeyPair: withProfile } = await import('../view/aliyun.ts');
    const path = options.configPath ?? context.system.environment.aliyunConfig ?? '';
    if (stripControlCharacters(rest) !== rest)
      throw usageError('a profile has no control or bidirectional characters', '--secret-to');
    if (path === '') throw usageError('--config-path names no file', '--config-path');
    if (context.file.isOwnFile(path)) throw usageError('--config-path is the directory itself', '--config-path');
    const sink = await context.system.openSharedFile(path);
    const buildContent =
      ([credential]: Credential[]) =>
      (present: string | undefined) =>
        withProfile(present, rest, credential?.AccessKeyId ?? '', credential?.AccessKeySecret ?? '');
    try {
      buildContent([])(sink.read());
    } catch (error) {
      sink.discard();
      throw error;
    }
    return { sink, format: { name: 'a profile', accepts: ['AccessKey'], maxUsers: 1, buildContent } };
  }
  if (kind === 'github') {
    const { githubOutput } = await import('../view/credentials.ts');
    const delimiter = `ramctl_${await context.system.randomToken()}`;
    const form: SecretFormat = {
      name: 'GITHUB_OUTPUT',
      accepts: ['password', 'AccessKey'],
      maxUsers: 1,
      buildContent: (credentials) => (present) =>
        (/[^\n]$/.test(present ?? '') ? '\n' : '') +
        credentials.map((credential) => githubOutput(credential, delimiter)).join(''),
      // The runner takes %25 for %.
      formatMaskCommands: (secrets) =>
        secrets.map(({ text }) => `::add-mask::${text.replaceAll('%', '%25')}\n`).join(''),
    };
    return { sink: await openJobOutput(context), format: form };
  }
  return { sink: { deliver: (content) => context.output.print(content(undefined)), discard: () => {} } };
}

/** Opens the output file of the current GitHub Actions step. @throws Failure `usage` outside of GitHub Actions */
async function openJobOutput({ system }: CommandContext): Promise<SecretSink> {
  const { jobOutput } = system.environment;
  if (jobOutput !== undefined && (await system.tryReadSecretFile(jobOutput)) !== undefined) {
    return system.openAppendFile(jobOutput);
  }
  throw usageError('--secret-to github works in GitHub Actions only, where GITHUB_OUTPUT names a file', '--secret-to');
}

/** Whether the sink holds a pair already; false also where nobody can look (stdout, github). */
export async function containsKeyPair(context: CommandContext, options: SinkOptions, pair: KeyPair): Promise<boolean> {
  const { kind, rest } = parseSinkOptions(options);
  if (kind === 'file') {
    const text = await context.system.tryReadSecretFile(rest);
    return text?.includes(pair.AccessKeySecret) === true && text.includes(pair.AccessKeyId);
  }
  if (kind !== 'aliyun') return false;
  const { findKeyPair: pairIn } = await import('../view/aliyun.ts');
  const held = pairIn(
    await context.system.tryReadSecretFile(options.configPath ?? context.system.environment.aliyunConfig ?? ''),
    rest,
  );
  return held?.AccessKeyId === pair.AccessKeyId && held.AccessKeySecret === pair.AccessKeySecret;
}

interface KeyPair {
  AccessKeyId: string;
  AccessKeySecret: string;
}

function parseSinkOptions({ secretTo = 'stdout', overwrite, configPath }: SinkOptions): { kind: string; rest: string } {
  const [, kind = '', rest = ''] = /^(stdout$|github$|file(?=:.)|aliyun(?=:.)):?(.*)$/s.exec(secretTo) ?? [];
  if (kind === '') throw usageError('--secret-to takes stdout, file:PATH, aliyun:PROFILE or github', '--secret-to');
  if (overwrite && kind !== 'file') throw usageError('--overwrite is about --secret-to file:PATH', '--overwrite');
  if (configPath !== undefined && kind !== 'aliyun') {
    throw usageError('--config-path is about --secret-to aliyun:PROFILE', '--config-path');
  }
  return { kind, rest };
}

const FILE_EXTENSIONS = ['.json', '.csv', '.env', '.ini'];

async function loadFileFormat(path: string): Promise<SecretFormat> {
  const extension = /\.[a-z]+$/i.exec(path)?.[0].toLowerCase() ?? '';
  const { credentialsEnv, credentialsIni } = await import('../view/credentials.ts');
  const first = (write: (credential: Credential) => string) => (credentials: Credential[]) => () =>
    credentials.map(write)[0] ?? '';
  const name = `a ${extension} file`;
  switch (extension) {
    case '.json':
      return {
        name,
        accepts: ['password', 'AccessKey', 'MFA seed'],
        maxUsers: Infinity,
        buildContent: (_, json) => json,
      };
    case '.csv': {
      const { credentialsCsv } = await import('../view/csv.ts');
      return {
        name,
        accepts: ['password', 'AccessKey'],
        maxUsers: Infinity,
        buildContent: (all) => () => credentialsCsv(all),
      };
    }
    case '.env':
      return { name, accepts: ['password', 'AccessKey'], maxUsers: 1, buildContent: first(credentialsEnv) };
    case '.ini':
      return { name, accepts: ['AccessKey'], maxUsers: 1, buildContent: first(credentialsIni) };
    default:
      throw usageError(`--secret-to needs a file name that ends in ${FILE_EXTENSIONS.join(', ')}`, '--secret-to');
  }
}
