import Conf from 'conf';
import { Failure } from '../core/failure.ts';
import { tryResolveLinks } from '../disk/paths.ts';

/**
 * The path of a directory file: `target`, or the default path. Links are followed, so that a change replaces the file
 * and not the link. @throws Failure `usage` when the target is not a path
 */
export function resolveDirectoryPath(target: string | undefined): string {
  if (target === '' || target?.includes('://')) {
    throw new Failure('usage', 'Usage', 'the directory must be the path of a JSON file', { Field: '--directory' });
  }
  return tryResolveLinks(target ?? defaultDirectoryPath());
}

/** `directory.json` in the configuration folder that conf chooses for the platform. */
function defaultDirectoryPath(): string {
  return new ConfPath({ projectName: 'ramctl', projectSuffix: '', configName: 'directory' }).path;
}

/** conf's constructor reads the file and creates its folder; finding the path must do neither. */
class ConfPath extends Conf {
  override get store(): Record<string, unknown> {
    return {};
  }
}
