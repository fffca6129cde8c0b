/** The secrets of one user on their way to a file, with what the receiver needs beside them. */
export interface Credential {
  UserPrincipalName: string;
  Password?: string | undefined;
  LogonUrl?: string | undefined;
  AccessKeyId?: string | undefined;
  AccessKeySecret?: string | undefined;
}

/** Variables that the SDKs' default credential chain reads, as shells, dotenv readers and container tools take them: a generated password needs no quotes. */
export function credentialsEnv(credential: Credential): string {
  return formatLines([
    ['ALIBABA_CLOUD_ACCESS_KEY_ID', credential.AccessKeyId],
    ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', credential.AccessKeySecret],
    ['RAMCTL_PASSWORD', credential.Password],
  ]);
}

/** The SDKs' credentials file (`~/.alibabacloud/credentials`), default section. */
export function credentialsIni(credential: Credential): string {
  return `[default]\ntype = access_key\n${formatLines(
    [
      ['access_key_id', credential.AccessKeyId],
      ['access_key_secret', credential.AccessKeySecret],
    ],
    ' = ',
  )}`;
}

/** Outputs of a step of GitHub Actions, in the form for text of several lines. */
export function githubOutput(credential: Credential, delimiter: string): string {
  const outputs: [name: string, value: string | undefined][] = [
    ['access_key_id', credential.AccessKeyId],
    ['access_key_secret', credential.AccessKeySecret],
    ['password', credential.Password],
  ];
  return outputs
    .map(([name, value]) => (value === undefined ? '' : `${name}<<${delimiter}\n${value}\n${delimiter}\n`))
    .join('');
}

function formatLines(pairs: [name: string, value: string | undefined][], sign = '='): string {
  return pairs.map(([name, value]) => (value === undefined ? '' : `${name}${sign}${value}\n`)).join('');
}
