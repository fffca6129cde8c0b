import { logonUrl } from '../../core/account.ts';
import { findUser } from '../../core/journeys/describe.ts';
import { type Provision, type Provisioned, provision } from '../../core/journeys/provision.ts';
import { userView } from '../../view/user.ts';
import { type App, usage } from '../app.ts';
import { collect, type RamctlCommand } from '../command.ts';
import { addSinkOptions, deliver, type Parcel, type Secret, type SinkOptions, tryDelivery } from '../deliver.ts';
import {
  addLogonOptions,
  addPasswordOptions,
  isRequired,
  type LogonOptions,
  type PasswordOptions,
  readPassword,
} from '../password.ts';

interface Options extends SinkOptions, PasswordOptions, LogonOptions {
  displayName?: string;
  comments?: string;
  email?: string;
  mobilePhone?: string;
  console?: boolean;
  accessKey?: boolean;
  policy?: string[];
  ifNotExists?: boolean;
  dryRun?: boolean;
}

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create [name]', 'create a user with everything they need, all or nothing', [
    'ramctl user create alice --display-name "Alice Li" --console --policy AliyunIOTReadOnlyAccess',
    'ramctl user create deployer --access-key --secret-to file:deployer.env',
  ]);
  verb.option('--display-name <text>', 'how the user is shown');
  verb.option('--comments <text>', 'remarks');
  verb.option('--email <address>', 'mail address');
  verb.option('--mobile-phone <number>', 'country code, hyphen, number: 86-13800000000');
  verb.option('--console', 'console logon, with a generated password unless one is given (for people)');
  addLogonOptions(addPasswordOptions(verb), ' (default: required)');
  verb.option('--access-key', 'an AccessKey at once (for programs)');
  verb.option('--policy <name>', 'attach a policy; may be repeated', collect);
  verb.option('--if-not-exists', 'print a user who exists already, and make nothing');
  verb.option('--dry-run', 'check everything, make nothing');
  addSinkOptions(verb);
  verb.does<Options>(async (app, options, name: string | undefined) => {
    const order = await orderFrom(app, options, name);
    if (options.ifNotExists && (await showExisting(app, order.user.UserName))) return undefined;
    return options.dryRun ? rehearse(app, options, order) : create(app, options, order);
  });
}

async function orderFrom(app: App, options: Options, UserName: string | undefined): Promise<Provision> {
  if (UserName === undefined) {
    throw usage("missing required argument 'name'", 'name', 'ramctl user create <name> --console');
  }
  if (!options.console) refuseLogonOptions(options);
  const password = await readPassword(app, options);
  return {
    user: {
      UserName,
      DisplayName: options.displayName,
      Comments: options.comments,
      Email: options.email,
      MobilePhone: options.mobilePhone,
    },
    logon: options.console
      ? {
          password,
          PasswordResetRequired: isRequired(options.passwordReset),
          MFABindRequired: isRequired(options.mfa),
        }
      : undefined,
    accessKey: options.accessKey,
    policies: options.policy,
    ifNotExists: options.ifNotExists,
  };
}

const LOGON_OPTIONS = {
  passwordStdin: '--password-stdin',
  passwordFile: '--password-file',
  passwordReset: '--password-reset',
  mfa: '--mfa',
} as const;

function refuseLogonOptions(options: Options): void {
  for (const [name, flag] of Object.entries(LOGON_OPTIONS)) {
    if (options[name as keyof typeof LOGON_OPTIONS] === undefined) continue;
    throw usage(`${flag} is about console logon`, flag, 'add --console');
  }
}

/** Prints a user who is there already, before any sink is opened for one who is not. */
async function showExisting(app: App, name: string): Promise<boolean> {
  const user = await app.directory.reading((operations) => findUser(operations, name));
  if (user) await app.show(userView, user);
  return user !== null;
}

async function create(app: App, options: Options, order: Provision): Promise<undefined> {
  const made = await deliver<Provisioned>(app, options, (pack) =>
    provision(app.directory, order, (result) => pack(parcelOf(result))),
  );
  if (!made) await showExisting(app, order.user.UserName);
  if (made && order.logon && order.accessKey) {
    app.note('remark: RAM recommends one access mode for each user: console logon for people, AccessKeys for programs');
  }
  return undefined;
}

function parcelOf(result: Provisioned): Parcel<Provisioned> {
  const { Password, AccessKey, ...rest } = result;
  const { UserPrincipalName } = rest;
  const secrets: Secret[] = [];
  if (Password !== undefined) secrets.push({ kind: 'password', text: Password });
  if (AccessKey?.AccessKeySecret !== undefined) secrets.push({ kind: 'AccessKey', text: AccessKey.AccessKeySecret });
  return {
    view: userView,
    result,
    bare: { ...rest, ...(AccessKey && { AccessKey: withoutSecret(AccessKey) }) },
    secrets,
    credential: {
      UserPrincipalName,
      Password,
      LogonUrl: result.LoginProfile ? logonUrl(UserPrincipalName) : undefined,
      AccessKeyId: AccessKey?.AccessKeyId,
      AccessKeySecret: AccessKey?.AccessKeySecret,
    },
    orphan: { name: `user ${result.UserName}`, command: `ramctl user delete ${result.UserName} --cascade` },
  };
}

function withoutSecret<T extends { AccessKeySecret?: string }>({ AccessKeySecret: _, ...rest }: T) {
  return rest;
}

/** What would be made: the same, without secrets and without the ids that only a real one gets. */
async function rehearse(app: App, options: Options, order: Provision): Promise<undefined> {
  let tried: Provisioned | undefined;
  await tryDelivery<Provisioned>(app, options, (pack) =>
    provision(app.directory.rehearsal(), order, (result) => {
      tried = result;
      pack(parcelOf(result));
    }),
  );
  if (!tried) return undefined;
  const { Password: _, AccessKey, UserId: __, ...user } = tried;
  const AccessKeys = user.AccessKeys.map(({ AccessKeyId: _, ...key }) => key);
  const key = AccessKey && { AccessKey: { Status: AccessKey.Status, CreateDate: AccessKey.CreateDate } };
  await app.show(userView, { ...user, AccessKeys, ...key } as Provisioned);
  app.note('dry run: nothing was made');
  return undefined;
}
