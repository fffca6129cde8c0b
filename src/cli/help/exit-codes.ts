export const HELP = `Exit codes

  0    success (also: an empty list, or the user or group exists and
       --if-not-exists is set)
  1    refused by a rule: invalid value, already exists, conflict, limit reached
  2    usage: unknown command or option, missing value, or a question that
       cannot be asked
  3    not found
  4    denied: wrong password, code or secret; or a negative result:
       policy simulate, policy validate, report --fail-on, directory check,
       --check
  5    try again later: the directory is locked, disk full, delivery of a secret
       failed, not due yet
  6    the directory must be repaired: corrupt, unknown file, newer format,
       unreadable, key file missing or different
  70   a bug in ramctl; please report it
  130  interrupted (143 when terminated); the message says whether anything was
       written
`;
