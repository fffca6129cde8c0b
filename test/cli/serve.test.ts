import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/system/self-signed-certificate.ts';
import { TestWorld } from '../support/test-world.ts';

const { cert, key } = await createSelfSignedCertificate(['ram.example.com'], new Date('2026-01-01'));
const { privateKey: otherKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const { privateKey: encryptedKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
});
const CERTIFICATE = 'serve --tls-cert ram.crt --tls-key ram.key';

describe('serve refuses', () => {
  it.each([
    ['serve --host 192.0.2.1', '--host', 'ramctl serve --host 192.0.2.1 --tls self-signed'],
    ['serve --host 0.0.0.0', '--host', 'ramctl serve --host 0.0.0.0 --tls self-signed'],
    ['serve --host ram.example.com', '--host', 'ramctl serve --host ram.example.com --tls self-signed'],
    ['serve --tls-cert ram.crt', '--tls-cert', 'ramctl help serve'],
    ['serve --tls-key ram.key', '--tls-key', 'ramctl help serve'],
    [`${CERTIFICATE} --tls self-signed`, '--tls', 'ramctl help serve'],
  ])('%s', async (line, field, hint) => {
    const world = new TestWorld();
    const { code, out, error } = await world.ramctl(`${line} -o json`, { files: { 'ram.crt': cert, 'ram.key': key } });
    expect([code, out, error.Field, error.Hint]).toEqual([2, '', field, hint]);
  });

  it.each(['--host 127.0.0.999', '--allow-host a_b', '--allow-host 127.1', '--allow-host a:80', '--tls yes'])(
    'the value in %s',
    async (option) => {
      expect((await new TestWorld().ramctl(`serve ${option}`)).code).toBe(2);
    },
  );

  it.each<[string, Record<string, string>, number, string, string]>([
    ['a missing file', { 'ram.crt': cert }, 3, 'FileNotFound', 'ram.key'],
    ['text instead of a certificate', { 'ram.crt': 'x', 'ram.key': key }, 1, 'InvalidCertificate', '--tls-cert'],
    ['text instead of a key', { 'ram.crt': cert, 'ram.key': 'x' }, 1, 'InvalidCertificate', '--tls-key'],
    ['a certificate instead of a key', { 'ram.crt': cert, 'ram.key': cert }, 1, 'InvalidCertificate', '--tls-key'],
    ['the key of another certificate', { 'ram.crt': cert, 'ram.key': otherKey }, 1, 'InvalidCertificate', '--tls-key'],
    ['an encrypted key', { 'ram.crt': cert, 'ram.key': encryptedKey }, 1, 'InvalidCertificate', '--tls-key'],
  ])('%s', async (_, files, exitCode, code, field) => {
    const refused = await new TestWorld().ramctl(`${CERTIFICATE} -o json`, { files });
    expect([refused.code, refused.out, refused.error.Code]).toEqual([exitCode, '', code]);
    expect(refused.error.Field ?? refused.error.Message).toContain(field);
    expect(refused.err).not.toContain('PRIVATE');
  });
});

describe('serve remarks', () => {
  /** The remarks of a server with the certificate for ram.example.com. */
  async function remarksOf(options: string, isReadableByOthers = false): Promise<string[]> {
    const files = { 'ram.crt': cert, 'ram.key': key };
    const { code, err } = await new TestWorld().ramctl(`${CERTIFICATE} ${options}`, { files, isReadableByOthers });
    expect(code).toBe(0);
    return err.split('\n').filter((line) => line.startsWith('remark: '));
  }

  it('nothing for a certificate that names all hosts', async () => {
    expect(await remarksOf('--allow-host ram.example.com --host 0.0.0.0')).toEqual([]);
  });

  it('that others can read the key', async () => {
    expect(await remarksOf('', true)).toEqual(['remark: others can read ram.key; chmod 600 ram.key']);
  });

  it('which hosts the certificate does not name', async () => {
    expect(await remarksOf('--allow-host sts.example.com --host 192.0.2.1')).toEqual([
      'remark: ram.crt does not name 192.0.2.1. Clients will refuse it for this name.',
      'remark: ram.crt does not name sts.example.com. Clients will refuse it for this name.',
    ]);
  });

  it('that the certificate has expired', async () => {
    const old = await createSelfSignedCertificate(['ram.example.com'], new Date('2020-01-01'));
    const { err } = await new TestWorld().ramctl(CERTIFICATE, { files: { 'ram.crt': old.cert, 'ram.key': old.key } });
    expect(err).toMatch(/remark: ram.crt expired on .* 2021 GMT\. Clients will refuse it\./);
  });
});
