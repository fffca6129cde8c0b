export const HELP = `Directories

A directory holds the users, groups, roles, policies and settings of one
account. It is a JSON file on this machine. ramctl does not connect to Alibaba
Cloud. The users of a directory cannot log on there, and nothing in your cloud
account changes. A logon URL that ramctl prints belongs to the real account of
that alias, if there is one.

Which directory a command uses:
  1. the option -d, --directory <path>
  2. the environment variable RAMCTL_DIRECTORY
  3. the default directory; "ramctl directory path" prints its path

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

The directory must be on a file system with hard links, such as ext4, XFS or
APFS. exFAT and some network and container file systems have none.

RAM has no regions, and ramctl has no profiles: use one directory for each
account.
`;
