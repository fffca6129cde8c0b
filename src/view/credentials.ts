/** The secrets of one user, as they are written to a file. */
export interface Credential {
  UserPrincipalName: string;
  Password?: string | undefined;
  LogonUrl?: string | undefined;
  AccessKeyId?: string | undefined;
  AccessKeySecret?: string | undefined;
}

/**
 * Returns variables that the SDKs' default credential chain reads. Shells, dotenv readers and container tools can read
 * them: generated passwords need no quotes.
 */
export function credentialsEnv({ AccessKeyId, AccessKeySecret, Password }: Credential): string {
  return formatVariables((name, value) => `${name}=${value}\n`, {
    ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: AccessKeySecret,
    RAMCTL_PASSWORD: Password,
  });
}

/** Returns the SDKs' credentials file (`~/.alibabacloud/credentials`) with the default section. */
export function credentialsIni({ AccessKeyId, AccessKeySecret }: Credential): string {
  const settings = { type: 'access_key', access_key_id: AccessKeyId, access_key_secret: AccessKeySecret };
  return `[default]\n${formatVariables((name, value) => `${name} = ${value}\n`, settings)}`;
}

/** Returns outputs of a GitHub Actions step, in the form for values of several lines. */
export function githubOutput({ AccessKeyId, AccessKeySecret, Password }: Credential, delimiter: string): string {
  const outputs = { access_key_id: AccessKeyId, access_key_secret: AccessKeySecret, password: Password };
  return formatVariables((name, value) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`, outputs);
}

type VariableFormat = (name: string, value: string) => string;

/** Formats each variable that has a value. */
function formatVariables(format: VariableFormat, variables: Record<string, string | undefined>): string {
  const texts = Object.entries(variables).map(([name, value]) => (value === undefined ? '' : format(name, value)));
  return texts.join('');
}
