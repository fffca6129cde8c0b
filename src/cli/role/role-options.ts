import { buildTrustPolicy } from '../../core/workflows/role.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { collect, parseDurationSeconds } from '../option-parsers.ts';
import { usageError } from '../usage-error.ts';

/** The values of a role that `role create` and `role edit` set. */
export interface RoleOptions {
  trustPolicy?: string;
  trustedAccount?: string[];
  trustedService?: string[];
  description?: string;
  maxSessionDuration?: number;
}

/** Declares the options. `byDefault` says what a role gets without them. */
export function addRoleOptions(verb: RamctlCommand, byDefault: Record<'trust' | 'description' | 'duration', string>) {
  const trustText = `trust policy: path to a JSON file, or - for stdin (${byDefault.trust})`;
  verb.option('--trust-policy <file>', trustText);
  verb.option('--trusted-account <id>', 'account whose users and roles may assume the role; can be repeated', collect);
  verb.option(
    '--trusted-service <service>',
    'service that may assume the role, such as ecs.aliyuncs.com; can be repeated',
    collect,
  );
  verb.option('--description <text>', `description of the role${byDefault.description}`);
  const durationText = `longest session of the role: seconds or a time such as 2h, from 1h to 12h${byDefault.duration}`;
  verb.option('--max-session-duration <time>', durationText, parseDurationSeconds);
}

/** Returns the trust policy that the options describe, or undefined without such an option. @throws Failure `usage` */
export async function readTrustPolicy(context: CommandContext, options: RoleOptions): Promise<string | undefined> {
  const { trustPolicy, trustedAccount = [], trustedService = [] } = options;
  const hasPrincipals = trustedAccount.length + trustedService.length > 0;
  if (trustPolicy === undefined) return hasPrincipals ? buildTrustPolicy(trustedAccount, trustedService) : undefined;
  if (!hasPrincipals) return (await context.readInput(trustPolicy)).text;
  throw usageError('--trust-policy excludes --trusted-account and --trusted-service', '--trust-policy');
}
