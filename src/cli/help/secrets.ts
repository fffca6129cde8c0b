export const HELP = `Secrets

No option takes a secret, because other users of the machine can read command
lines, and shells store them.

Input of secrets:
  --password-stdin          read the password from stdin
  --password-file <path>    read the password from a file
  --new-password-file <path>  the new password, at "ramctl logon"
  --secret-stdin            read the secret, at "ramctl ak verify"
  Without these options, a question at a terminal reads the password without
  showing it, or the password is generated. One trailing line end is removed.

Output of secrets:
  A generated password, the secret of an AccessKey and the key of an MFA device
  are shown only once, by the command that creates them. --secret-to chooses
  the destination. With another destination than stdout, the printed result
  contains no secret.

  stdout           in the result; this is the default
  file:PATH        a new file that only you can read. An existing file is
                   refused, unless --overwrite is set. The name selects the
                   form:
    .json          the complete result
    .csv           the columns UserPrincipalName, Password, LogonUrl,
                   AccessKeyId, AccessKeySecret
    .env           ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET,
                   RAMCTL_PASSWORD, for one user
    .ini           credentials file of the SDKs with the section [default], for
                   one AccessKey
                   {user} in PATH stands for the user name: one file for each
                   user, also with "user import" and "directory copy"
  aliyun:PROFILE   a profile of the aliyun CLI in ~/.aliyun/config.json or the
                   file of --config-path; other settings are kept; one AccessKey
  github           outputs of a GitHub Actions step: access_key_id,
                   access_key_secret and password. The command masks them in
                   the log first. Works only in GitHub Actions.

  The command tests the destination before it creates anything. If the delivery
  fails, it removes what it created and ends with exit code 5. If the removal
  fails too, the error names the command that removes it.

Storage of secrets:
  Passwords are stored as argon2id hashes. Secrets of AccessKeys and keys of MFA
  devices are encrypted. The encryption key is in another file than the
  directory, see "ramctl help directories".
`;
