import { freshState } from './core/account.ts';
import type { Directory } from './core/directory.ts';
import { localDirectory } from './core/local.ts';
import type { Place } from './core/store.ts';
import { keyBeside, placeOf } from './place.ts';
import { directoryPath } from './store/conf.ts';
import { JsonStore } from './store/json.ts';
import { systemClock as clock } from './system/clock.ts';
import { systemEntropy as entropy } from './system/entropy.ts';
import { FileVault } from './system/vault.ts';

/**
 * The directory that `target` names, put together from its parts: the half of `main.ts` that only a command which
 * opens a directory pays for. `committed` is told about each change that became durable.
 */
export function openDirectory(
  target: string | undefined,
  namedKeyFile: string | undefined,
  committed: () => void,
): { directory: Directory; place: Place } {
  const path = directoryPath(target);
  const keyFile = namedKeyFile ?? keyBeside(path);
  const vault = new FileVault(keyFile, entropy);
  const store = new JsonStore(path, { clock, entropy, fresh: () => freshState(clock, entropy), committed });
  return {
    directory: localDirectory({ store, clock, entropy, vault }),
    place: placeOf(store, vault, keyFile, entropy),
  };
}
