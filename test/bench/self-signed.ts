/** A certificate for 127.0.0.1 that is made on the spot (X.509 v3, ECDSA on P-256), so that none lies in the repository. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What of DER (X.690) a certificate needs. */
const SEQUENCE = 0x30;
const SET = 0x31;
const OID = 0x06;
const INTEGER = 0x02;
const UTF8 = 0x0c;
const UTC_TIME = 0x17;
const OCTETS = 0x04;
const BITS = 0x03;
const explicit = (number: number) => 0xa0 + number;
const IP_ADDRESS = 0x87;

const COMMON_NAME = Buffer.from([0x55, 0x04, 0x03]); // 2.5.4.3
const ALTERNATIVE_NAME = Buffer.from([0x55, 0x1d, 0x11]); // 2.5.29.17
const ECDSA_WITH_SHA256 = Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]); // 1.2.840.10045.4.3.2
const DAY_MS = 86_400_000;

export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, der(OID, ECDSA_WITH_SHA256));
  const commonName = der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8, Buffer.from('bench')));
  const name = der(SEQUENCE, der(SET, commonName));
  const address = der(OCTETS, der(SEQUENCE, der(IP_ADDRESS, Buffer.from([127, 0, 0, 1]))));
  const extension = der(SEQUENCE, der(OID, ALTERNATIVE_NAME), address);
  const body = der(
    SEQUENCE,
    der(explicit(0), der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    der(SEQUENCE, utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(explicit(3), der(SEQUENCE, extension)),
  );
  const signature = der(BITS, Buffer.from([0]), sign('sha256', body, privateKey));
  const cert = der(SEQUENCE, body, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const utcTime = (atMs: number) =>
  der(
    UTC_TIME,
    Buffer.from(
      new Date(atMs)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2),
    ),
  );
