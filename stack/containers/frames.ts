/** A piece of what a process in a container wrote. */
export interface OutputPiece {
  to: 'stdout' | 'stderr';
  data: Buffer;
}

const headerBytes = 8;

/**
 * Takes apart the stream in which the engine sends both outputs of a process: frames of a header of eight bytes
 * (type, three zeros, length as a 32-bit big-endian number) and the data (Docker Engine API 1.41, "Attach to a
 * container", stream format). Gives what has arrived at once, so that a frame is never held in memory as a whole.
 * Throws on a type other than 0, 1 and 2, and on a stream that ends within a frame.
 */
export async function* outputPieces(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<OutputPiece> {
  let header = Buffer.alloc(0);
  let to: OutputPiece['to'] = 'stdout';
  let missingBytes = 0;
  for await (const chunk of source) {
    let rest = chunk;
    while (rest.length > 0) {
      if (missingBytes === 0) {
        const wanted = headerBytes - header.length;
        header = Buffer.concat([header, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (header.length < headerBytes) break;
        to = outputOf(header.readUInt8(0));
        missingBytes = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      } else {
        const data = rest.subarray(0, missingBytes);
        rest = rest.subarray(missingBytes);
        missingBytes -= data.length;
        yield { to, data };
      }
    }
  }
  if (missingBytes > 0 || header.length > 0) throw new Error('the output of the container ended within a frame');
}

/** Type 0 is stdin, which the engine writes to stdout. */
function outputOf(type: number): OutputPiece['to'] {
  if (type === 2) return 'stderr';
  if (type === 0 || type === 1) return 'stdout';
  throw new Error(`the output of the container has a frame of the unknown type ${type}`);
}
