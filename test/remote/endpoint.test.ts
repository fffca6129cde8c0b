import { expect, it } from 'vitest';
import { findRemoteTarget } from '../../src/core/target.ts';
import { findEndpoint } from '../../src/remote/endpoint.ts';
import { failure } from '../support/failures.ts';

const open = (name: string) => {
  const target = findRemoteTarget(name);
  if (!target) throw new Error('this is a file');
  return findEndpoint(target);
};

it('uses the official hosts of each API for an account', () => {
  const hosts = { RAM: 'ram.aliyuncs.com', IMS: 'ims.aliyuncs.com', STS: 'sts.aliyuncs.com' };
  for (const name of ['aliyun:', 'aliyun:ops']) expect(open(name)).toEqual({ protocol: 'HTTPS', hosts });
});

it.each([
  ['https://ram.example.com', 'HTTPS', 'ram.example.com'],
  ['https://ram.example.com/', 'HTTPS', 'ram.example.com'],
  ['HTTPS://ram.example.com:8443', 'HTTPS', 'ram.example.com:8443'],
  ['http://127.0.0.1:8080', 'HTTP', '127.0.0.1:8080'],
  ['http://localhost:8080', 'HTTP', 'localhost:8080'],
  ['http://[::1]:8080', 'HTTP', '[::1]:8080'],
])('%s has all APIs on one host', (name, protocol, host) => {
  expect(open(name)).toEqual({ protocol, hosts: { RAM: host, IMS: host, STS: host } });
});

it.each([
  'http://ram.example.com',
  'http://127.0.0.1.example.com',
  'https://',
  'https://ram.example.com:99999',
  'https://ram.example.com/directory',
  'https://ram.example.com/?account=acme',
  'https://ram.example.com/#acme',
  'https://ram.exa mple.com',
  'https:ram.example.com',
  'ftp://ram.example.com',
])('%s is refused with exit code 2', (name) => {
  expect(() => open(name)).toThrow(failure('usage', 'Usage'));
});

it.each(['https://', 'https:', 'ftp://'])('does not repeat the credentials in a URL that starts with %s', (start) => {
  const openWithCredentials = () => open(`${start}LTAIexample:the-secret@ram.example.com`);
  expect(openWithCredentials).toThrow(failure('usage', 'Usage'));
  expect(openWithCredentials).not.toThrow(/the-secret/);
});

it.each([undefined, 'ram.json', './https', '/srv/ram.json', 'aliyun', 'C:\\ram.json'])('%s is a file', (name) => {
  expect(findRemoteTarget(name)).toBeUndefined();
});
