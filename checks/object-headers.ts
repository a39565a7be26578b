import { finding, type Finding } from '../domain/finding.ts';
import type { HeadersByHttp } from '../domain/object-headers.ts';

/**
 * `objects.headers-by-http`: a sample of the objects, drawn by the seed, answers a plain HEAD with the headers of before
 * the fault: type, length, encoding, language, disposition, caching and the metadata of its own. Names objects and
 * headers, never values. No object proves nothing and does not pass.
 */
export function judgeObjectHeaders(before: HeadersByHttp, now: HeadersByHttp): Finding {
  const names = Object.keys(before);
  const told = names.flatMap((name) => {
    const [must, is] = [before[name], now[name]];
    if (must === undefined || is === undefined) return [`${name} is not there`];
    const headers = [...new Set([...Object.keys(must), ...Object.keys(is)])].filter(
      (header) => must[header] !== is[header],
    );
    return headers.length === 0 ? [] : [`${name}: ${headers.toSorted().join(', ')}`];
  });
  return finding('objects.headers-by-http', names.length > 0 && told.length === 0, {
    expected: `${Math.max(names.length, 1)} objects with the headers of before the fault, asked by plain HTTP`,
    actual: told[0] ?? `${names.length} objects compared, no difference`,
    evidence: told.slice(0, 20),
    recommendation: 'Back up and restore what belongs to an object beside its bytes: type, caching, metadata.',
  });
}
