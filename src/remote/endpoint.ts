import { Failure } from '../core/failure.ts';
import type { Target } from '../core/target.ts';
import type { Product } from './api.ts';

/** The protocol and the host of each API. */
export interface Endpoint {
  protocol: 'HTTP' | 'HTTPS';
  hosts: Record<Product, string>;
}

const CLOUD: Endpoint = {
  protocol: 'HTTPS',
  hosts: { RAM: 'ram.aliyuncs.com', IMS: 'ims.aliyuncs.com', STS: 'sts.aliyuncs.com' },
};

/** Returns the hosts of a target. @throws Failure `usage` for a URL that is not the URL of a server */
export function findEndpoint({ kind, name }: Target): Endpoint {
  if (kind === 'cloud') return CLOUD;
  const url = /^https?:\/\//i.test(name) && URL.canParse(name) ? new URL(name) : undefined;
  if (url?.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw wrongTarget(`${name} is not the URL of a server; allowed: https://host or https://host:port`);
  }
  if (url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) {
    throw wrongTarget(`${name} is not encrypted; HTTP is allowed only on this machine, such as http://127.0.0.1:8080`);
  }
  const { host } = url;
  return { protocol: url.protocol === 'http:' ? 'HTTP' : 'HTTPS', hosts: { RAM: host, IMS: host, STS: host } };
}

/** Returns the profile in `aliyun:PROFILE`; undefined for other targets. */
export function findProfile({ kind, name }: Target): string | undefined {
  return kind === 'cloud' ? name.slice('aliyun:'.length) || undefined : undefined;
}

function wrongTarget(message: string): Failure {
  return new Failure('usage', 'Usage', message, { Field: '--directory', Hint: 'ramctl help directories' });
}
