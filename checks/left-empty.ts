import type { DatabaseContent } from '../domain/recovery.ts';

/**
 * A content without the materialised views that a restore has left empty on purpose, by `schema.name`: what they held
 * came from another server, which a restore does not ask. They are named by `restore.ways-out`.
 */
export function exceptLeftEmpty(content: DatabaseContent, names: readonly string[]): DatabaseContent {
  if (names.length === 0) return content;
  const isOf = (line: string): boolean => {
    const plain = line.replaceAll('"', '');
    return names.some((name) =>
      [`materialised view ${name}`, `materialised view ${name} [not populated]`].some(
        (start) => plain === start || plain.startsWith(`${start} sha256:`),
      ),
    );
  };
  const { materialisedViews = {} } = content;
  const isLeft = (name: string): boolean => names.includes(name.replaceAll('"', ''));
  const filled = Object.fromEntries(Object.entries(materialisedViews).filter(([name]) => !isLeft(name)));
  const views = content.views.filter((line) => !isOf(line));
  // The checksum covers the views: those that are left are compared one by one all the same.
  return {
    ...content,
    ...(content.materialisedViews && { materialisedViews: filled }),
    views,
    schemaChecksum: 'without views that were left empty',
  };
}
