import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpResponse } from './http-client.ts';
import { Home, type ProcessResult } from './process.ts';
import { signV1 } from './signer.ts';
import type { TestEndpoint } from './test-endpoint.ts';

/** The parameters of the actions in the metadata of the CLI (aliyun-openapi-meta). The CLI refuses all others. */
const PARAMETERS: Record<string, string[]> = {
  'ram SetAccountAlias': ['AccountAlias'],
  'ram SetPasswordPolicy': [
    ...['HardExpiry', 'MaxLoginAttemps', 'MaxPasswordAge', 'MinimumPasswordLength', 'PasswordReusePrevention'],
    ...['RequireLowercaseCharacters', 'RequireNumbers', 'RequireSymbols', 'RequireUppercaseCharacters'],
  ],
  'ram SetSecurityPreference': [
    ...['AllowUserToChangePassword', 'AllowUserToManageAccessKeys', 'AllowUserToManageMFADevices'],
    ...['EnableSaveMFATicket', 'LoginNetworkMasks', 'LoginSessionDuration'],
  ],
  'ram CreatePolicy': ['PolicyName', 'Description', 'PolicyDocument', 'Tag'],
  'ram CreateGroup': ['GroupName', 'Comments'],
  'ram CreateRole': ['RoleName', 'Description', 'AssumeRolePolicyDocument', 'MaxSessionDuration', 'Tag'],
  'ram CreateUser': ['UserName', 'DisplayName', 'MobilePhone', 'Email', 'Comments'],
  'ram CreateLoginProfile': ['UserName', 'Password', 'PasswordResetRequired', 'MFABindRequired'],
  'ram AddUserToGroup': ['UserName', 'GroupName'],
  'ram AttachPolicyToUser': ['PolicyType', 'PolicyName', 'UserName'],
  'ram AttachPolicyToGroup': ['PolicyType', 'PolicyName', 'GroupName'],
  'ram AttachPolicyToRole': ['PolicyType', 'PolicyName', 'RoleName'],
  'ims GetDefaultDomain': [],
  'ims CreateGroup': ['GroupName', 'DisplayName', 'Comments'],
  'ims CreateLoginProfile': ['UserPrincipalName', 'Password', 'Status', 'PasswordResetRequired', 'MFABindRequired'],
  'ims TagResources': ['ResourceType', 'ResourcePrincipalName.1', 'Tag.#.Key', 'Tag.#.Value'],
};

const VERSIONS: Record<string, string> = { ram: '2015-05-01', ims: '2019-08-15' };

/** The command `aliyun`: a function, which starts faster than a program. It sends its arguments to the test and prints the response. */
const ALIYUN = String.raw`aliyun() {
  printf '%s\000' "$@" >request
  { read -r aliyun_code; if [ "$aliyun_code" = 0 ]; then cat; else cat >&2; fi; } <response
  return "$aliyun_code"
}`;

/** A stand-in for the official CLI `aliyun`, which sends the requests to an endpoint. */
export class AliyunCli {
  readonly #endpoint: TestEndpoint;
  readonly #home = new Home();
  /** Whether a script runs. */
  #isRunning = false;
  /** The product and action of each command. */
  readonly commands: string[] = [];

  constructor(endpoint: TestEndpoint) {
    this.#endpoint = endpoint;
    for (const pipe of ['request', 'response']) spawnSync('mkfifo', [join(this.#home.folder, pipe)]);
  }

  /** Runs a script with `sh -eu`, in which `aliyun` is this stand-in. */
  async run(script: string, variables: Record<string, string> = {}): Promise<ProcessResult> {
    this.#home.write('script.sh', `${ALIYUN}\n${script}`);
    this.#isRunning = true;
    const answering = this.#answer();
    const result = await this.#home.sh('sh -eu script.sh', { environment: variables });
    this.#isRunning = false;
    await writeFile(join(this.#home.folder, 'request'), '');
    await answering;
    return result;
  }

  /** Answers the commands of the script until it ends. */
  async #answer(): Promise<void> {
    const [request, response] = ['request', 'response'].map((pipe) => join(this.#home.folder, pipe)) as [
      string,
      string,
    ];
    for (;;) {
      const args = (await readFile(request, 'utf8')).split('\0').slice(0, -1);
      if (!this.#isRunning) return;
      const answer = await this.call(args).then(
        ({ status, body }) => `${status === 200 ? 0 : 1}\n${JSON.stringify(body, null, '\t')}\n`,
        (error: unknown) => `1\n${error}\n`,
      );
      await writeFile(response, answer);
    }
  }

  /** Sends the request of one command. @throws as the CLI does for arguments that it refuses */
  call(args: string[]): Promise<HttpResponse> {
    const { command, parameters } = parseArguments(args);
    this.commands.push(command);
    const [product = '', action = ''] = command.split(' ');
    const unsigned = this.#endpoint.unsignedRequest(action, parameters);
    const request = { ...unsigned, version: VERSIONS[product] ?? '', asForm: true };
    return this.#endpoint.send(signV1(request, this.#endpoint.admin));
  }
}

/** Returns the arguments of each `aliyun` command of a script, which is run with `sh -eu`. */
export async function listCommands(script: string, variables: Record<string, string> = {}): Promise<string[][]> {
  const home = new Home();
  home.write('script.sh', `${PRINT_ARGUMENTS}\n${script}`);
  const { code, out, err } = await home.sh('sh -eu script.sh', { environment: variables });
  if (code !== 0) throw new Error(`the script ended with ${code}: ${err}`);
  const commands = out.split('\0\0').slice(0, -1);
  return commands.map((command) => command.split('\0'));
}

/** Prints the arguments with a NUL after each one and another after the last. The default domain is `$DOMAIN`. */
const PRINT_ARGUMENTS = String.raw`aliyun() {
  if [ "$2" = GetDefaultDomain ]; then printf '{"DefaultDomainName": "%s"}' "$DOMAIN"; return; fi
  printf '%s\000' "$@"
  printf '\000'
}`;

/**
 * Parses the arguments as the CLI does (cli/parser.go, meta/api.go): an argument that starts with a hyphen is an option,
 * its value follows after `=` or as the next argument, and an empty value is an error.
 */
function parseArguments(args: string[]): { command: string; parameters: Record<string, string> } {
  const words: string[] = [];
  const parameters: Record<string, string> = {};
  let open: string | undefined;
  for (const arg of args) {
    const [, name, value] = /^--([^-=:][^=:]*)(?:[=:](.*))?$/s.exec(arg) ?? [];
    if (name === undefined && /^-(?!--)/.test(arg)) throw new Error(`not support flag form ${arg}`);
    if (name === undefined && open === undefined) words.push(arg);
    if (name === undefined && open !== undefined && arg !== '') {
      parameters[open] = arg;
      open = undefined;
    }
    if (name === undefined) continue;
    if (open !== undefined) throw new Error(`--${open} must be assigned with value`);
    if (name in parameters) throw new Error(`--${name} duplicated`);
    if (value) parameters[name] = value;
    else open = name;
  }
  if (open !== undefined) throw new Error(`--${open} must be assigned with value`);
  const command = words.join(' ');
  const unknown = Object.keys(parameters).find(
    (name) => !PARAMETERS[command]?.includes(name.replace(/^Tag\.\d+/, 'Tag.#')),
  );
  if (!PARAMETERS[command]) throw new Error(`unknown action ${command}`);
  if (unknown) throw new Error(`--${unknown} is not a valid parameter or flag`);
  return { command, parameters };
}
