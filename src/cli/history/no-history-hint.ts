/** Where the changes of other targets are recorded. */
export const NO_HISTORY_HINT =
  'ActionTrail records the changes of an account; for a server, run "ramctl -d <path> history" on its machine';
