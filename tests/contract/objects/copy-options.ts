import { createRequire } from 'node:module';
import type * as Minio from 'minio';

/** As the clients of the project load it: the package has each of its classes twice, and knows its own by them. */
export const { CopyDestinationOptions, CopySourceOptions } = createRequire(import.meta.url)('minio') as typeof Minio;
