import { Failure } from '../core/failure.ts';
import type { Target } from '../core/target.ts';
import type { AccessKeyPair } from './api.ts';
import type { Sdk } from './client.ts';
import { findProfile } from './endpoint.ts';
import { isConnectionError } from './errors.ts';

type Credential = InstanceType<Sdk['Credential']>;

/** Why ~/.aliyun/config.json gives no credentials, by the SDK's messages, which are not shown because some contain the whole file. */
const PROFILE_PROBLEMS: [message: RegExp, problem: string][] = [
  [/unable to get profile/, 'the file has no profile of this name'],
  [/reading aliyun cli config/, 'the file cannot be read'],
  [/parse aliyun cli config/, 'the file is not valid JSON'],
  [/no any configured profiles/, 'the file has no profiles'],
  [/unsupported profile mode/, 'the SDK does not know the mode of the profile'],
  [/CLI profile is disabled/, 'ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set'],
  [/re-login|expired/i, 'its session has expired'],
  [/^the (access key (id|secret)|security token) is empty/, 'the profile is incomplete'],
  [/^the access key secret is invalid/, 'its AccessKey secret is wrong'],
];

/** Returns the credentials that consist of an AccessKey. */
export function useAccessKey(sdk: Sdk, { AccessKeyId, AccessKeySecret }: AccessKeyPair): Credential {
  const config = { type: 'access_key', accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret };
  return new sdk.Credential(config as ConstructorParameters<Sdk['Credential']>[0]);
}

/**
 * Returns the credentials for a target, which are looked for when the first request is signed: those of the profile in
 * `aliyun:PROFILE`, otherwise the first of the official default chain. Its `getCredential` throws Failure `denied`
 * NoCredentials, or `later` CredentialsUnavailable.
 */
export function findCredentials(sdk: Sdk, target: Target): Credential {
  const profile = findProfile(target);
  const open = () =>
    profile === undefined
      ? new sdk.Credential()
      : new sdk.Credential(null, sdk.CLIProfileCredentialsProvider.builder().withProfileName(profile).build());
  const explain = (error: unknown) => {
    if (isConnectionError(error)) throw unavailableCredentials(target);
    throw profile === undefined ? noCredentials(target, error) : unusableProfile(profile, error);
  };
  let first: Promise<Credential> | undefined;
  // The chain must not be asked again before it has found the credentials: it would skip the sources that it has tried.
  const find = async () => {
    const credential = open();
    await credential.getCredential();
    return credential;
  };
  const getCredential = async () => {
    first ??= find();
    return (await first).getCredential();
  };
  return { getCredential: () => getCredential().catch(explain) } as Credential;
}

function noCredentials({ name }: Target, error: unknown): Failure {
  const message = [
    `no valid credentials for ${name}; ramctl looked in:`,
    'the environment variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, an OIDC role,',
    `the current profile of ~/.aliyun/config.json (${findProblem(error)}), ~/.alibabacloud/credentials.ini,`,
    'the role of an ECS instance, ALIBABA_CLOUD_CREDENTIALS_URI',
  ].join(' ');
  return new Failure('denied', 'NoCredentials', message, { Hint: 'aliyun configure' });
}

function unusableProfile(profile: string, error: unknown): Failure {
  const message = `profile ${JSON.stringify(profile)} of ~/.aliyun/config.json gives no credentials: ${findProblem(error)}`;
  return new Failure('denied', 'NoCredentials', message, { Hint: 'aliyun configure list' });
}

/** The service is STS, the metadata service of an ECS instance, or a sign-in service. Credentials that expire come from one. */
function unavailableCredentials({ name }: Target): Failure {
  const message = `the service that issues the temporary credentials for ${name} cannot be reached`;
  return new Failure('later', 'CredentialsUnavailable', message, { Hint: 'check the network and the profile' });
}

function findProblem(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  // A response of STS. Its message is not shown, because it can contain the request.
  const [, code] = /"Code":\s*"([\w.]+)"/.exec(text) ?? [];
  if (code !== undefined) return `STS refused the request with ${code}`;
  const [, problem = 'its credentials could not be obtained'] =
    PROFILE_PROBLEMS.find(([message]) => message.test(text)) ?? [];
  return problem;
}
