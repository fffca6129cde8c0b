import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
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

/** The command `aliyun`: it sends its arguments to the test and prints the response. */
const PROGRAM = `#!${process.execPath}
const body = JSON.stringify(process.argv.slice(2));
fetch(process.env.ALIYUN_CLI, { method: 'POST', body }).then(async (response) => {
  process[response.ok ? 'stdout' : 'stderr'].write(await response.text() + '\\n');
  process.exitCode = response.ok ? 0 : 1;
});
`;

/** A stand-in for the official CLI `aliyun`, which sends the requests to an endpoint. */
export class AliyunCli {
  readonly #endpoint: TestEndpoint;
  readonly #home = new Home();
  /** The product and action of each command. */
  readonly commands: string[] = [];

  constructor(endpoint: TestEndpoint) {
    this.#endpoint = endpoint;
    chmodSync(this.#home.write('aliyun', PROGRAM), 0o700);
  }

  /** Runs a script with `sh -eu`, in which `aliyun` is this stand-in. */
  async run(script: string, variables: Record<string, string> = {}): Promise<ProcessResult> {
    const server = createServer(async (request, response) => {
      try {
        const { status, body } = await this.call((await readJson(request)) as string[]);
        response.writeHead(status).end(JSON.stringify(body, null, '\t'));
      } catch (error) {
        response.writeHead(400).end(String(error));
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    this.#home.write('script.sh', script);
    const PATH = `${this.#home.folder}:${process.env.PATH}`;
    const ALIYUN_CLI = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this.#home.sh('sh -eu script.sh', { environment: { ...variables, PATH, ALIYUN_CLI } });
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
  const { code, out, err } = await new Home().sh(`set -eu\n${PRINT_ARGUMENTS}\n${script}`, { environment: variables });
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
