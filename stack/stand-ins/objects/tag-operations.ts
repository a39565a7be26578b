import { S3Error } from './errors.ts';
import type { Operation } from './exchange.ts';
import { findForReading } from './object-operations.ts';
import { checkTags } from './tags.ts';
import { setTags } from './versions.ts';
import { childrenOf, parseXml, textOf } from './xml.ts';

export const getObjectTags: Operation = (store, request) => {
  const { tags } = findForReading(store, request);
  const set = Object.entries(tags).map(
    ([key, value]) =>
      [
        'Tag',
        [
          ['Key', key],
          ['Value', value],
        ],
      ] as const,
  );
  return { xml: ['Tagging', [['TagSet', set]]] };
};

export const putObjectTags: Operation = async (store, request) => {
  const [set] = childrenOf(parseXml(await request.body.text(), 'Tagging'), 'TagSet');
  if (set === undefined) throw new S3Error('MalformedXML');
  const pairs = childrenOf(set, 'Tag').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''] as const);
  setTags(store, findForReading(store, request), checkTags(pairs));
  return {};
};

export const deleteObjectTags: Operation = (store, request) => {
  setTags(store, findForReading(store, request), {});
  return { status: 204 };
};
