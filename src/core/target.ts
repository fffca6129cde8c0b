import { Failure } from './failure.ts';

/** Where a directory is: a file on this machine, an Alibaba Cloud account, or an endpoint of RAM's API such as `ramctl serve`. */
export interface Target {
  kind: 'local' | 'cloud' | 'endpoint';
  /** The path of the file, `aliyun:`, `aliyun:PROFILE`, or the URL of the endpoint. */
  name: string;
}

/**
 * Returns the target that a `--directory` value names if it is an account or an endpoint; undefined for a file.
 * Every URL is an endpoint here; whether it can be one is checked when it is opened.
 * @throws Failure `usage` for a URL with credentials, which the message does not repeat
 */
export function findRemoteTarget(name: string | undefined): Target | undefined {
  if (name?.startsWith('aliyun:')) return { kind: 'cloud', name };
  // A path rarely has a colon, and the pattern takes 0.15 ms.
  if (!name?.includes(':') || !/^(https?:|[a-z][a-z\d+.-]+:\/\/)/i.test(name)) return undefined;
  if (hasUserInfo(name)) {
    throw new Failure('usage', 'Usage', 'the URL of a directory must not contain credentials', {
      Field: '--directory',
      Hint: 'remove the part before the @; "ramctl help directories" lists the sources of credentials',
    });
  }
  return { kind: 'endpoint', name };
}

/** Returns whether a URL has a user name or a password before its host (RFC 3986, section 3.2.1). */
export function hasUserInfo(url: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/*[^/?#]*@/i.test(url);
}
