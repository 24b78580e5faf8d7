import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of a certificate for loopback and of the authority that nobody but this test knows. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority and a certificate of it for an IP address, in `folder`. */
export async function makeCertificates(folder: string, address = '127.0.0.1'): Promise<Certificates> {
  const openssl = (...args: readonly string[]): unknown =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...fresh,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=A test',
  );
  openssl(
    ...[
      'req',
      '-x509',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      ...fresh,
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
    ],
    ...['-days', '2', '-subj', `/CN=${address}`, '-addext', `subjectAltName=IP:${address}`],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
  );
  for (const name of ['key.pem', 'cert.pem', 'ca.pem']) await chmod(join(folder, name), 0o644);
  return {
    authority: join(folder, 'ca.pem'),
    certificate: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
  };
}
