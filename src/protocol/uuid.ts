/** Random UUIDs (RFC 9562, version 4) from a stream, so that the same seed names the same things. */
import type { RandomStream } from '../cluster/streams.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** `xxxxxxxx-xxxx-4xxx-…` */
export function uuidText(random: RandomStream): string {
  const hex = Array.from(draw(random), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The 16 bytes in base64, as messages carry them. */
export function uuidBytes(random: RandomStream): string {
  const bytes = draw(random);
  let text = '';
  for (let i = 0; i < 15; i += 3) {
    const three = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    text += BASE64[three >> 18] + BASE64[(three >> 12) & 63] + BASE64[(three >> 6) & 63] + BASE64[three & 63];
  }
  return `${text}${BASE64[bytes[15] >> 2]}${BASE64[(bytes[15] & 3) << 4]}==`;
}

/** Whether a text is 16 bytes in base64. */
export function isUuidBytes(text: string): boolean {
  return /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(text);
}

function draw(random: RandomStream): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i += 4) {
    const four = Math.floor(random() * 0x1_0000_0000);
    bytes[i] = four >>> 24;
    bytes[i + 1] = four >>> 16;
    bytes[i + 2] = four >>> 8;
    bytes[i + 3] = four;
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes;
}
