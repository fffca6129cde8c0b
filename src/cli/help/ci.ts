export const HELP = `Key rotation in CI and cron

Rules for scripts:
  - CI=true, which CI systems set, or --no-input turns questions off.
    --yes answers confirmations.
  - Exit codes: "ramctl help exit-codes". Results: --output json, see
    "ramctl help json".
  - Name the directory with -d or RAMCTL_DIRECTORY. A file that does not exist
    is exit code 3, so that a wrong path never looks like an empty directory.
  - For aliyun: and URLs, a CI runner needs credentials only, see
    "ramctl help directories".
  - For a file, check the directory out, and store it again after each change,
    because a CI runner starts without files. Its secrets are encrypted; pass
    the key separately, as a file that RAMCTL_KEY_FILE names. Never let two jobs
    change copies of one directory at the same time.

GitHub Actions, with the directory in a private repository:

  concurrency: ramctl
  jobs:
    rotate:
      runs-on: ubuntu-latest
      env: { RAMCTL_DIRECTORY: directory.json }
      steps:
        - uses: actions/checkout@v4
          # Without ref, a re-run gets the directory of its first attempt.
          with: { ref: main }
        - run: |
            (umask 077; printf '%s\\n' "$KEY" > "$RUNNER_TEMP/key")
            echo "RAMCTL_KEY_FILE=$RUNNER_TEMP/key" >> "$GITHUB_ENV"
          # The content of the file directory.key.
          env: { KEY: "\${{ secrets.RAMCTL_KEY }}" }
        - id: rotate
          run: >-
            ramctl ak rotate robot --run-id "$GITHUB_RUN_ID"
            --replace inactive --grace 2h --secret-to github
        # Commit and push directory.json here. Later steps use
        # steps.rotate.outputs.access_key_id and .access_key_secret.

  Some hours later, another job disables the old AccessKey. Exit code 5 means
  that a grace period is not over:

      ramctl ak rotation finish

cron, for a profile of the aliyun CLI, each week. In a crontab, write the
command in one line, and \\% instead of %:

  ramctl ak rotate robot --run-id "$(date +%G-%V)" --replace inactive \\
    --check ./smoke-test --secret-to aliyun:robot

--replace inactive deletes the disabled AccessKey of the user, if there is one.
A user can have only two AccessKeys, and the previous rotation disabled one.

--check runs a command with the new AccessKey. If the command fails, the new
AccessKey is deleted and the old one keeps working.

--run-id makes a retry safe:
  - If the earlier run was interrupted before the delivery, the retry delivers
    the same AccessKey. For aliyun: and URLs, it delivers a new one instead.
  - If the AccessKey was delivered and the destination has it, the retry
    succeeds and changes nothing.
  - If it was delivered but the destination does not have it, as with "Re-run
    jobs" in GitHub Actions: an AccessKey that was never used is replaced by
    another new one, which is delivered. If it was used, the command ends with
    exit code 1 and names the command that rolls the rotation back.

Checks that fail a job with exit code 4:

  ramctl report --fail-on old-key --fail-on two-active-keys --fail-on no-mfa
`;
