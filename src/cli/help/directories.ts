import type { RamctlCommand } from '../command.ts';
import { wrapText } from './wrap.ts';

const TARGETS = `Directories

A directory holds the users, groups, roles, policies and settings of one
account. It is one of these targets:

  <path>          a JSON file on this machine. ramctl does not connect to
                  Alibaba Cloud: the users of the file cannot log on there, and
                  nothing in your cloud account changes. A logon URL that ramctl
                  prints belongs to the real account of that alias, if there is
                  one.
  aliyun:         the Alibaba Cloud account of your default credentials
  aliyun:PROFILE  the account of a profile of the aliyun CLI
  https://host[:port]
                  a server with RAM's API, such as "ramctl serve"
  http://127.0.0.1:port
                  a server on this machine; without TLS, only loopback addresses
                  are allowed

Which directory a command uses:
  1. the option -d, --directory <target>
  2. the environment variable RAMCTL_DIRECTORY
  3. the default directory, a file; "ramctl directory path" prints its path

Credentials:
  For aliyun: and URLs, ramctl uses the first of these that exists, as the
  official SDKs do:
  1. ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, if it is
     set, ALIBABA_CLOUD_SECURITY_TOKEN
  2. an OIDC role: ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN,
     ALIBABA_CLOUD_OIDC_TOKEN_FILE
  3. the current profile in ~/.aliyun/config.json, see "aliyun configure"
  4. ~/.alibabacloud/credentials.ini
  5. the role of the ECS instance
  6. ALIBABA_CLOUD_CREDENTIALS_URI
  For aliyun:PROFILE, it uses only this profile. A URL must not contain
  credentials.

Certificates:
  The certificate of an https server must be one that Node trusts. For a server
  with "--tls self-signed", set NODE_EXTRA_CA_CERTS to a copy of the certificate
  that "ramctl serve" names when it starts.

Proxies:
  Requests to aliyun: and https servers go through the proxy in HTTPS_PROXY or
  ALL_PROXY, such as http://user:password@proxy.example.com:3128. NO_PROXY lists
  hosts that are reached without it. Requests to this machine use no proxy. For
  a proxy that replaces certificates, set NODE_EXTRA_CA_CERTS to its
  certificate.

Accounts and servers:
  Everything is stored in the account or on the server, not on this machine.
  Before the first question of a command, ramctl shows the alias and the ID of
  the account. RAM has no transactions: if a step of a command fails, ramctl
  undoes the steps before it, or lists what remains. Completion with Tab
  completes names only for files.
  If "user import" is interrupted, the users that it created remain, and the
  same command completes them. To give up the import, delete these users.

Commands that need a file, and what to use for accounts and servers:
`;

/** The help for local directories. */
const FILES = `
Creating a directory:
  "ramctl init" creates the default directory, "ramctl -d <path> init" another
  one. The options --account-id and --alias set the names of its account.
  If the default directory does not exist, the commands user create, user
  import, group create, policy create, account alias <alias>, account settings
  set and serve --bootstrap create it and say so. Every other command ends with
  exit code 3.
  If a directory that you name does not exist, every command except init,
  directory path and directory restore ends with exit code 3, because the path
  may be mistyped.

The key:
  AccessKey secrets and MFA seeds in the directory are encrypted with a key. The
  key is in a file next to the directory: directory.key for directory.json.
  RAMCTL_KEY_FILE names another file. ramctl never replaces a key. Without the
  key, these secrets cannot be decrypted.

The certificate:
  "ramctl serve --tls self-signed" creates two files next to the directory. For
  directory.json, they are directory.tls.crt, which clients must trust, and
  directory.tls.key, the private key. Backups do not contain them.

History:
  ramctl history                    lists who changed what, and when
  ramctl history get <id>           shows the records before and after a change
  ramctl undo <id>                  restores the records, for 30 days
  The history is in a file next to the directory: directory.history.jsonl for
  directory.json. RAMCTL_ACTOR replaces the actor, which is
  otherwise the operating system user.

Copies:
  ramctl directory copy <from> <to>   copies users, groups, custom policies,
                                      roles, attachments and tags to another
                                      directory; --dry-run shows the changes.
                                      Secrets are not copied.

Backups:
  ramctl directory backup <file>    copies the directory, without the key
  ramctl directory backup <file> --with-key    also copies the key
  ramctl directory restore <file>   verifies a backup and puts it back; the
                                    replaced directory is kept
  ramctl directory check            looks for damage

The file must be on a file system with hard links, such as ext4, XFS or
APFS. exFAT and some network and container file systems have none.

RAM has no regions: use one directory for each account.
`;

/** Returns the help with a table of the verbs that need a local directory. */
export async function formatDirectoriesHelp(listVerbs: () => Promise<RamctlCommand[]>): Promise<string> {
  const localVerbs = (await listVerbs()).flatMap(({ localOnly }) => localOnly ?? []);
  const width = Math.max(...localVerbs.map(({ name }) => name.length)) + 2;
  const rows = localVerbs.map(({ name, alternative }) => {
    const first = localVerbs.find((verb) => verb.alternative === alternative)?.name;
    const text = first === name ? alternative : `the same as for ${first}`;
    return wrapText(`  ${name.padEnd(width)}${text}`, ' '.repeat(width + 2));
  });
  return `${TARGETS}${rows.join('\n')}\n${FILES}`;
}
