import type { Directory } from './core/directory.ts';
import type { Target } from './core/target.ts';

/** Returns whether a `--directory` target is an account or an endpoint, not a file. */
export function isRemoteTarget(target: string | undefined): target is string {
  return target !== undefined && /^(aliyun:|https?:\/\/)/.test(target);
}

export interface RemoteDirectory {
  directory: Directory;
  target: Target;
}
