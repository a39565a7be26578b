import { pipeline, type Duplex, type Readable } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { DrillError } from '../domain/drill-error.ts';
import type { Compression } from '../domain/recovery.ts';
import { inProgramEnvironment } from '../stack/program-environment.ts';

/** Bytes of one piece of a stream: more would be asked of the system anew each time, less means more steps. */
const chunkBytes = 64 * 1024;

/** Compresses `source`. The result fails when the source or the compressor does. */
export async function compress(source: Readable, compression: Compression): Promise<Readable> {
  const compressor =
    compression === 'zstd'
      ? createZstdCompress({ chunkSize: chunkBytes, params: { [constants.ZSTD_c_checksumFlag]: 1 } })
      : // xz's own default, 6, takes three times as long for a few percent.
        await xz(['--compress', '--stdout', '--threads=0', '-3']);
  return joined(source, compressor);
}

/** Decompresses `source` to its end. A stream that ends too early is an error. */
export async function decompress(source: Readable, compression: Compression): Promise<Readable> {
  const decompressor =
    compression === 'zstd' ? createZstdDecompress({ chunkSize: chunkBytes }) : await xz(['--decompress', '--stdout']);
  return joined(source, decompressor);
}

/** Throws a `DrillError` (`configuration`) when this machine lacks the program that `compression` needs. */
export async function requireCompression(compression: Compression): Promise<void> {
  if (compression === 'zstd') return;
  const { execa } = await import('../programs/execa.ts');
  const { failed, stderr } = await execa('xz', ['--version'], { ...inProgramEnvironment(), reject: false });
  if (!failed) return;
  throw new DrillError({
    code: 'configuration',
    what: 'xz, which the backup is compressed with, does not run',
    expected: 'the program xz on PATH',
    actual: stderr === '' ? 'it was not found' : stderr,
    hint: 'Install it (Debian: apt-get install xz-utils; macOS: brew install xz), or choose zstd in the runbook.',
  });
}

/**
 * The system's xz as a stream: it ends with the stream, and the stream fails when it does. What starts programs is
 * loaded only here: a restore begins sooner without it.
 */
async function xz(args: string[]): Promise<Duplex> {
  const { execa } = await import('../programs/execa.ts');
  return execa('xz', args, { ...inProgramEnvironment(), buffer: { stdout: false }, encoding: 'buffer' }).duplex();
}

/** `pipeline` carries errors and the end of either side to the other; its last stream carries them to the reader. */
function joined(source: Readable, transform: Duplex): Readable {
  return pipeline(source, transform, () => {});
}
