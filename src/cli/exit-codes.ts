import type { FailureKind } from '../core/failure.ts';

/** What an exit code of the command line means, one meaning each. */
export const EXIT_CODES = {
  success: 0,
  refused: 1,
  usage: 2,
  missing: 3,
  denied: 4,
  later: 5,
  broken: 6,
  bug: 70,
  interrupted: 130,
} as const satisfies Record<FailureKind, number> & Record<string, number>;

export const EXIT_CODES_HELP = `Exit codes

  0    done (also: nothing found in a list, already so with --if-not-exists)
  1    refused by a rule: invalid value, already exists, conflict, limit reached
  2    usage: unknown command or flag, missing value, an answer needed and nobody to ask
  3    not found
  4    denied, or a verdict says no
  5    try again later: locked, disk full, delivery of a secret failed, not due yet
  6    the directory needs a person: corrupt, foreign, newer, unreadable, key file missing or another one
  70   a bug in ramctl
  130  interrupted (143 when terminated); the message says whether anything was written
`;
