import { getBucket } from './buckets.ts';
import { owner, type Operation } from './exchange.ts';
import { commonPrefix, inOrder } from './key-order.ts';
import { frameOf, mostEntries, type Frame } from './listing-frame.ts';
import { listUploads, type Upload } from './multipart.ts';
import type { XmlElement } from './xml.ts';

/** Unfinished uploads. There are few of them, so one page is cut out of all. */
export const listMultipartUploads: Operation = (store, { bucket, query }) => {
  getBucket(store, bucket);
  const frame = frameOf(query, 'max-uploads', 'MaxUploads');
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const uploads = listUploads(store, bucket, frame.prefix);
  const marked = uploads.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === idMarker);
  const rest = marked === -1 ? uploads.filter(({ key }) => inOrder(keyMarker, key)) : uploads.slice(marked + 1);
  const shared = (upload: Upload) => commonPrefix(upload.key, frame.prefix, frame.delimiter);
  const plain = rest.filter((upload) => shared(upload) === undefined);
  const limit = Math.min(frame.maxKeys, mostEntries);
  const page = plain.slice(0, limit);
  const last = plain.length > limit ? page.at(-1) : undefined;
  const prefixes = new Set(rest.map(shared).filter((prefix) => prefix !== undefined));
  return {
    xml: [
      'ListMultipartUploadsResult',
      [
        ['Bucket', bucket],
        ['KeyMarker', frame.written(keyMarker)],
        ['UploadIdMarker', idMarker],
        ['NextKeyMarker', frame.written(last?.key ?? '')],
        ['NextUploadIdMarker', last?.uploadId ?? ''],
        ...frame.echo,
        ['IsTruncated', last !== undefined],
        ...page.map((upload) => describeUpload(upload, frame)),
        ...[...prefixes].map((prefix) => ['CommonPrefixes', [['Prefix', frame.written(prefix)]]] as const),
      ],
    ],
  };
};

function describeUpload({ key, uploadId, initiatedMs }: Upload, frame: Frame): XmlElement {
  const initiated = new Date(initiatedMs).toISOString();
  return [
    'Upload',
    [
      ['Key', frame.written(key)],
      ['UploadId', uploadId],
      owner,
      ['StorageClass', 'STANDARD'],
      ['Initiated', initiated],
    ],
  ];
}
