export const DIRECTORIES_HELP = `Directories

A directory is a JSON file on this machine that holds users, groups, policies
and AccessKeys. ramctl does not connect to Alibaba Cloud: what you create
exists only in this file.

-d, --directory PATH and RAMCTL_DIRECTORY select the file. Without them, ramctl
uses the default directory. "ramctl directory path" prints its path.

RAM has no regions, and ramctl has no profiles: use one directory for each
account.
`;
