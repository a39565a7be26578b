import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { outputPieces } from './frames.ts';

function frame(type: number, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

async function collect(chunks: Buffer[]): Promise<{ stdout: Buffer; stderr: Buffer }> {
  const pieces = await Array.fromAsync(outputPieces(chunks));
  const of = (to: string): Buffer => Buffer.concat(pieces.filter((piece) => piece.to === to).map(({ data }) => data));
  return { stdout: of('stdout'), stderr: of('stderr') };
}

function cut(data: Buffer, sizeBytes: number): Buffer[] {
  return Array.from({ length: Math.ceil(data.length / sizeBytes) }, (_, index) =>
    data.subarray(index * sizeBytes, (index + 1) * sizeBytes),
  );
}

describe('outputPieces', () => {
  const binary = randomBytes(5_000);
  const whole = Buffer.concat([
    frame(1, binary.subarray(0, 1_000)),
    frame(2, Buffer.from('warning\n')),
    frame(1, Buffer.alloc(0)),
    frame(1, binary.subarray(1_000)),
  ]);

  it.each([1, 7, 8, 9, 1_024, 10_000])('gives the same bytes however they arrive: %d at a time', async (sizeBytes) => {
    const { stdout, stderr } = await collect(cut(whole, sizeBytes));
    expect(stdout.equals(binary)).toBe(true);
    expect(stderr.toString()).toBe('warning\n');
  });

  it('does not wait for the end of a frame', async () => {
    const pieces = outputPieces(cut(frame(1, binary), 100));
    expect((await pieces.next()).value?.data).toHaveLength(92);
  });

  it('gives nothing for nothing', async () => {
    expect(await collect([])).toEqual({ stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) });
  });

  it('refuses a stream that ends within a frame, and one that has none', async () => {
    await expect(collect([whole.subarray(0, -1)])).rejects.toThrow('ended within a frame');
    await expect(collect([whole, Buffer.from([1, 0])])).rejects.toThrow('ended within a frame');
    await expect(collect([Buffer.from('no frames at all')])).rejects.toThrow('unknown type 110');
  });
});
