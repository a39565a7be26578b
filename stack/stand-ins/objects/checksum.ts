import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Takes bytes as they pass and gives their checksum in base64, as the headers `x-amz-checksum-*` carry it. */
export interface Checksum {
  update(bytes: Buffer): void;
  digest(): string;
}

/** The checksums that clients send beside or after a body, by the last word of their header. */
const checksums: Record<string, () => Checksum> = {
  crc32: () => rolling((bytes, value) => crc32(bytes, value)),
  crc32c: () => rolling(crc32c),
  sha1: () => hashing('sha1'),
  sha256: () => hashing('sha256'),
};

const headerPattern = /^x-amz-checksum-(?!algorithm|type|mode)(.+)$/;

/** The checksum that a header such as `x-amz-checksum-crc32` speaks of, or `unknown`; `undefined` for other headers. */
export function checksumOf(header: string): (() => Checksum) | 'unknown' | undefined {
  const [, name] = headerPattern.exec(header.toLowerCase()) ?? [];
  return name === undefined ? undefined : (checksums[name] ?? 'unknown');
}

function hashing(algorithm: string): Checksum {
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
}

function rolling(step: (bytes: Buffer, value: number) => number): Checksum {
  let value = 0;
  return {
    update(bytes) {
      value = step(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

/** CRC-32C (Castagnoli), reflected, polynomial 0x1EDC6F41. Source: RFC 3720, section 12.1 and appendix B.4. */
const crc32cTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(bytes: Buffer, start: number): number {
  let value = ~start;
  for (const byte of bytes) value = (value >>> 8) ^ (crc32cTable[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}
