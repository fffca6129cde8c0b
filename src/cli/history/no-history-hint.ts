/** Where the changes of other targets are recorded. */
export const NO_HISTORY_HINT =
  'ActionTrail records the changes of an account; for a server, run "ramctl -d <file> history" where its directory is';
