import { declare as declareAccessKey } from './access-key/index.ts';
import type { RamctlCommand } from './command.ts';
import { declare as declareDirectory } from './directory/index.ts';
import { declare as declareLogin } from './login/index.ts';
import { declare as declareMfa } from './mfa/index.ts';
import { declare as declarePolicy } from './policy/index.ts';
import { declare as declareUser } from './user/index.ts';

/** The verbs of every noun. One module, because loading many small ones is what start-up time goes into. */
export const VERBS: Record<string, (noun: RamctlCommand) => void> = {
  user: declareUser,
  login: declareLogin,
  mfa: declareMfa,
  ak: declareAccessKey,
  policy: declarePolicy,
  directory: declareDirectory,
};
