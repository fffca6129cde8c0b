export const HELP = `Environment variables

An option overrides its variable. An empty variable counts as unset. The values
0 and false turn a setting off.

Settings:
  RAMCTL_DIRECTORY   value of --directory: a file, an account or a server
  RAMCTL_OUTPUT      value of --output: table, json, yaml or csv
  RAMCTL_NO_INPUT    1 turns questions off, as --no-input does;
                     RAMCTL_NO_INPUT=0 overrides CI
  CI                 1 or true turns questions off; CI systems set it
  RAMCTL_KEY_FILE    path of the key that encrypts the secrets in the directory
                     (default: next to the directory)
  RAMCTL_ACTOR       name in the history of the directory for the changes of a
                     command (default: the operating system user), for example
                     the person or the CI job, if several share this user
  NO_COLOR           1 turns colours off
  FORCE_COLOR        1 turns colours on, 0 turns them off; overrides NO_COLOR
  TERM               dumb: ramctl asks no questions
  UV_THREADPOOL_SIZE  number of passwords that are hashed at the same time
                     (default: 4 to 8)

Paths:
  XDG_CONFIG_HOME    on Linux, the folder that contains the folder ramctl with
                     the default directory (default: ~/.config); "ramctl
                     directory path" prints the path
  HOME               home folder: the default directory and
                     ~/.aliyun/config.json are in it

Accounts and servers (see "ramctl help directories"):
  ALIBABA_CLOUD_*    credentials, as the official SDKs read them
  NODE_EXTRA_CA_CERTS  file with certificates (PEM) that Node trusts as well
  HTTPS_PROXY, ALL_PROXY
                     URL of an HTTP proxy for HTTPS requests
  NO_PROXY           hosts that are reached without a proxy, separated by commas

GitHub Actions, for --secret-to github:
  GITHUB_ACTIONS     must be true
  GITHUB_OUTPUT      file that receives the outputs of the step

Variables that ramctl sets for the command of "ak rotate --check":
  ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET
                     the new AccessKey
  ALIBABA_CLOUD_SECURITY_TOKEN is removed, because it belongs to other
  credentials.
`;
