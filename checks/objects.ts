import { finding, type Finding } from '../domain/finding.ts';
import { countWords } from './words.ts';

/** How a store differs from what is expected of it, every object read to its end. */
export interface ObjectsObservation {
  objects: number;
  sizeBytes: number;
  /** `bucket/key`. */
  missing: readonly string[];
  /** There, with other bytes. */
  changed: readonly string[];
  /** `bucket/key: content type, tags`. */
  properties: readonly string[];
  propertiesCompared: number;
  buckets: number;
  bucketDifferences: readonly string[];
}

/**
 * `objects.content`: every expected object is there and its sha256 is the expected one. `objects.metadata`: so are
 * content type, headers, metadata, tags and protection. `objects.versioning`: each bucket is set as it was. A store of
 * which nothing was expected proves nothing and does not pass.
 */
export function judgeObjects(observation: ObjectsObservation): Finding[] {
  const { objects, sizeBytes, missing, changed, properties, propertiesCompared } = observation;
  const { buckets, bucketDifferences } = observation;
  const whole = missing.length + changed.length === 0;
  return [
    finding('objects.content', objects > 0 && whole, {
      expected: `${countWords(Math.max(objects, 1))} objects, each with the sha256 that is known of it`,
      actual: whole
        ? `${countWords(objects)} objects read, ${countWords(sizeBytes)} bytes`
        : `${missing.length} missing, ${changed.length} with other bytes`,
      evidence: [...missing.map((name) => `${name} is missing`), ...changed.map((name) => `${name} is changed`)].slice(
        0,
        20,
      ),
      recommendation: 'Restore what is missing or changed from another backup or version before anybody is let in.',
    }),
    finding('objects.metadata', propertiesCompared > 0 && properties.length === 0, {
      otherwise: properties.length === 0 ? 'inconclusive' : 'fail',
      expected: 'content type, headers, metadata, tags and protection of each object as they were',
      actual:
        properties.length === 0
          ? `${countWords(propertiesCompared)} objects compared`
          : `${properties.length} objects differ`,
      evidence: properties.slice(0, 20),
      recommendation: 'Put the metadata again from the manifest: files with a wrong type are not shown by browsers.',
    }),
    finding('objects.versioning', buckets > 0 && bucketDifferences.length === 0, {
      expected: `versioning and Object Lock of ${buckets} buckets as they were`,
      actual: bucketDifferences.length === 0 ? `${buckets} buckets compared` : bucketDifferences.join('; '),
      evidence: bucketDifferences.slice(0, 20),
      recommendation: 'Turn versioning on again at once: what is overwritten until then cannot be brought back.',
    }),
  ];
}

/** What the rows of the database say of the objects, beside what is known of them otherwise. */
export interface ObjectRowsObservation {
  rows: number;
  /** Objects that both know. */
  compared: number;
  /** `bucket/key` of which the row names another sha256. */
  differing: readonly string[];
  /** Rows of objects that were written after what was restored. */
  younger: number;
}

/** `objects.rows`: the rows name the very content that was brought back, of every object that both know. */
export function judgeObjectRows({ rows, compared, differing, younger }: ObjectRowsObservation): Finding {
  return finding('objects.rows', compared > 0 && differing.length === 0, {
    expected: `the sha256 that its row names, of ${countWords(Math.max(compared, 1))} objects`,
    actual:
      differing.length === 0
        ? `${countWords(compared)} of ${countWords(rows)} rows compared, ${younger} younger than what was restored`
        : `${differing.length} objects have other bytes than their rows name`,
    evidence: differing.slice(0, 20),
    recommendation: 'Find out which side is right: the rows and the objects are not of one and the same instant.',
  });
}

/** What a manifest without contents brought back. */
export interface LostBytes {
  lostObjects: number;
  lostBytes: number;
  bytesRestored: number;
  /** `bucket/key`. */
  names: readonly string[];
}

/** `objects.bytes`: not one byte was lost. Nothing restored proves nothing: `inconclusive`. */
export function judgeLostBytes({ lostObjects, lostBytes, bytesRestored, names }: LostBytes): Finding {
  const isWhole = lostObjects === 0 && lostBytes === 0;
  return finding('objects.bytes', isWhole && bytesRestored > 0, {
    otherwise: isWhole ? 'inconclusive' : 'fail',
    expected: 'the bytes of every object',
    actual: `${countWords(lostBytes)} bytes of ${countWords(lostObjects)} objects lost, ${countWords(bytesRestored)} bytes restored: a manifest names contents and holds none`,
    evidence: names.slice(0, 20),
    recommendation: 'Back up the bytes of the objects beside their manifest: "manifests allow recreation" is wrong.',
  });
}
