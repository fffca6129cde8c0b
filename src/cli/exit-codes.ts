/** The exit code of each kind of failure, and of the other ways in which a command can end. */
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
} as const;
