import { createHash, createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A key of the installation, as its row keeps it. */
export interface KeyPair {
  readonly id: string;
  readonly publicKey: Buffer;
  /** PKCS #8 in PEM, encrypted when there is a passphrase. */
  readonly privateKey: string;
}

const KID_CHARACTERS = 16;

/** A new Ed25519 key. Its id is the start of its JWK thumbprint (RFC 7638). */
export function makeKeyPair(passphrase: string | null): KeyPair {
  const pair = generateKeyPairSync('ed25519');
  const { x = '' } = pair.publicKey.export({ format: 'jwk' });
  const thumbprint = createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');
  const encryption = passphrase === null ? {} : { cipher: 'aes-256-cbc', passphrase };
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption });
  return {
    id: thumbprint.slice(0, KID_CHARACTERS),
    publicKey: Buffer.from(x, 'base64url'),
    privateKey: String(privateKey),
  };
}

/** The receipt key of the database cannot be read with the passphrase of this process. */
export class ReceiptKeyLocked extends Error {
  override name = 'ReceiptKeyLocked';
}

/** @throws ReceiptKeyLocked when the passphrase is missing or wrong */
export function openPrivateKey(pem: string, passphrase: string | null): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === null ? {} : { passphrase }) });
  } catch (error) {
    throw new ReceiptKeyLocked('the private key for receipts cannot be read with this passphrase', { cause: error });
  }
}

/** The signature of a text, base64url. */
export const signText = (key: KeyObject, text: string): string =>
  sign(null, Buffer.from(text), key).toString('base64url');
