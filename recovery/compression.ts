import { pipeline, type Duplex, type Readable } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { execa } from 'execa';
import { DrillError } from '../domain/drill-error.ts';
import type { Compression } from '../domain/recovery.ts';

/** Bytes that one read of a stream gives at most: large enough to keep the number of steps small. */
const chunkBytes = 256 * 1024;

/** Compresses `source`. The result fails when the source or the compressor does. */
export function compress(source: Readable, compression: Compression): Readable {
  const compressor =
    compression === 'zstd'
      ? createZstdCompress({ chunkSize: chunkBytes, params: { [constants.ZSTD_c_checksumFlag]: 1 } })
      : // xz's own default, 6, takes three times as long for a few percent.
        xz(['--compress', '--stdout', '--threads=0', '-3']);
  return joined(source, compressor);
}

/** Decompresses `source` to its end. A stream that ends too early is an error. */
export function decompress(source: Readable, compression: Compression): Readable {
  const decompressor =
    compression === 'zstd' ? createZstdDecompress({ chunkSize: chunkBytes }) : xz(['--decompress', '--stdout']);
  return joined(source, decompressor);
}

/** Throws a `DrillError` (`configuration`) when this machine lacks the program that `compression` needs. */
export async function requireCompression(compression: Compression): Promise<void> {
  if (compression === 'zstd') return;
  const { failed, stderr } = await execa('xz', ['--version'], { reject: false });
  if (!failed) return;
  throw new DrillError({
    code: 'configuration',
    what: 'xz, which the backup is compressed with, does not run',
    expected: 'the program xz on PATH',
    actual: stderr === '' ? 'it was not found' : stderr,
    hint: 'Install it (Debian: apt-get install xz-utils; macOS: brew install xz), or choose zstd in the runbook.',
  });
}

/** The system's xz as a stream: it ends with the stream, and the stream fails when it does. */
function xz(args: string[]): Duplex {
  return execa('xz', args, { buffer: { stdout: false }, encoding: 'buffer' }).duplex();
}

/** `pipeline` carries errors and the end of either side to the other; its last stream carries them to the reader. */
function joined(source: Readable, transform: Duplex): Readable {
  return pipeline(source, transform, () => {});
}
