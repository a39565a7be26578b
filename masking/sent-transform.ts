import type { ColumnRule, RowTransform, TableShape } from '../domain/masking.ts';
import { createRowTransform } from './transform.ts';

/** What `createRowTransform` is called with, as it is sent to the process that loads the rows. */
export interface SentTransform {
  shape: TableShape;
  rules: readonly ColumnRule[];
}

/** Makes a table's transform in another process; see `TransformModule`. */
export function createTransform(data: unknown): RowTransform {
  const { shape, rules } = data as SentTransform;
  return createRowTransform(shape, rules);
}
