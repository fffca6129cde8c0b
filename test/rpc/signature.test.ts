import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildStringToSignV1,
  buildStringToSignV3,
  percentEncode,
  sha256,
  signV1,
  signV3,
} from '../../src/rpc/signature.ts';
import { encodeRfc3986 } from '../support/signer.ts';

/** The examples of Alibaba Cloud's help. */
describe('signature V1', () => {
  const common = { AccessKeyId: 'testid', SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0' };
  const createUser = new Map(
    Object.entries({
      ...common,
      Action: 'CreateUser',
      UserName: 'test',
      Format: 'JSON',
      Version: '2015-05-01',
      Timestamp: '2015-08-18T03:15:45Z',
      SignatureNonce: '6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2',
    }),
  );

  it('matches the published signature of CreateUser of RAM', () => {
    const toSign = buildStringToSignV1('GET', createUser);
    expect(toSign).toBe(
      'GET&%2F&AccessKeyId%3Dtestid%26Action%3DCreateUser%26Format%3DJSON%26SignatureMethod%3DHMAC-SHA1' +
        '%26SignatureNonce%3D6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2%26SignatureVersion%3D1.0' +
        '%26Timestamp%3D2015-08-18T03%253A15%253A45Z%26UserName%3Dtest%26Version%3D2015-05-01',
    );
    expect(signV1('testsecret', toSign)).toBe('kRA2cnpJVacIhDMzXnoNZG9tDCI=');
  });

  it('matches the published signature of CreateUser of IMS', () => {
    const parameters = {
      ...common,
      Action: 'CreateUser',
      UserPrincipalName: 'test@example.onaliyun.com',
      DisplayName: 'test',
      Format: 'JSON',
      Version: '2019-08-15',
      Timestamp: '2021-01-15T06:02:28Z',
      SignatureNonce: '3f6b4e80-56f7-11eb-a256-a9f756ea7e85',
    };
    const toSign = buildStringToSignV1('GET', new Map(Object.entries(parameters)));
    expect(signV1('testsecret', toSign)).toBe('02heLegtw4+BFamznl1Ltj+vJ4A=');
  });

  it('covers the method and all parameters except the signature', () => {
    const signed = new Map([...createUser, ['Signature', 'kRA2cnpJVacIhDMzXnoNZG9tDCI=']]);
    expect(buildStringToSignV1('GET', signed)).toBe(buildStringToSignV1('GET', createUser));
    expect(buildStringToSignV1('POST', createUser)).not.toBe(buildStringToSignV1('GET', createUser));
  });
});

describe('signature V3', () => {
  const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

  it('matches the published signature of RunInstances', () => {
    const headers = {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      'x-acs-action': 'RunInstances',
      'x-acs-content-sha256': EMPTY,
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      'x-acs-version': '2014-05-26',
    };
    const query = {
      ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
      RegionId: 'cn-shanghai',
    };
    const toSign = buildStringToSignV3(
      'POST',
      new Map(Object.entries(query)),
      new Map(Object.entries(headers)),
      Object.keys(headers),
    );
    expect(toSign).toBe('ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259');
    expect(signV3('YourAccessKeySecret', toSign)).toBe(
      '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    );
  });

  it('matches the signature of CreateUser by the Node SDK', () => {
    const headers = {
      host: '127.0.0.1:8080',
      'x-acs-action': 'CreateUser',
      'x-acs-content-sha256': sha256(''),
      'x-acs-date': '2026-01-02T03:04:05Z',
      'x-acs-signature-nonce': 'nonce-0001',
      'x-acs-version': '2015-05-01',
    };
    const query = { UserName: 'alice', DisplayName: "Al ice*~é!'()", Comments: 'a+b/c' };
    const toSign = buildStringToSignV3(
      'POST',
      new Map(Object.entries(query)),
      new Map(Object.entries(headers)),
      // The order does not matter, because the names are sorted.
      Object.keys(headers).reverse(),
    );
    expect(signV3('testsecret', toSign)).toBe('8f97b4b196631214b4e090faf5321210144bbda1b4bc82d7795569a811ae38e2');
  });
});

describe('percent-encoding', () => {
  const anyText = fc.string({ unit: 'grapheme' });

  it('encodes every byte except the unreserved characters of RFC 3986 as %XX', () => {
    expect(percentEncode('AZaz09-_.~')).toBe('AZaz09-_.~');
    expect(percentEncode(" *+!'()/é")).toBe('%20%2A%2B%21%27%28%29%2F%C3%A9');
    fc.assert(
      fc.property(anyText, (text) => {
        expect(percentEncode(text)).toBe(encodeRfc3986(text));
        expect(percentEncode(text)).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(percentEncode(text))).toBe(text);
      }),
    );
  });

  it('gives different parameters different strings to sign', () => {
    const parameters = fc.dictionary(anyText, anyText, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
    const stringToSign = (names: Record<string, string>) => buildStringToSignV1('GET', new Map(Object.entries(names)));
    fc.assert(
      fc.property(parameters, parameters, (one, other) => {
        const isSame = sorted(one) === sorted(other);
        expect(stringToSign(one) === stringToSign(other)).toBe(isSame);
      }),
    );
    // Separators in names and values are encoded.
    expect(stringToSign({ a: 'b&c=d' })).not.toBe(stringToSign({ a: 'b', c: 'd' }));
    expect(stringToSign({ 'a=b': 'c' })).not.toBe(stringToSign({ a: 'b=c' }));
  });
});

/** `Signature` itself is not signed. */
function sorted(parameters: Record<string, string>): string {
  return JSON.stringify(
    Object.entries(parameters)
      .filter(([name]) => name !== 'Signature')
      .sort(),
  );
}
