import { expect, test } from 'vitest';
import { buildXml, childrenOf, parseXml, textOf } from './xml.ts';

test('elements stand in their order, text is escaped, what is empty is still there', () => {
  const document = buildXml([
    'Root',
    [
      ['A', 'a&b<c>"\r\n\u0001 é😀'],
      ['B', 1],
      ['A', ''],
      ['C', [['D', false]]],
    ],
  ]);
  expect(document).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Root xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      '<A>a&amp;b&lt;c&gt;&quot;&#xd;&#xa;&#x1; é😀</A><B>1</B><A></A><C><D>false</D></C></Root>',
  );
});

test('text is read as it was written: spaces, digits and references', () => {
  const root = parseXml('<D xmlns="x"><O><K> 007 </K></O><O><K>a&amp;b&#xD;&#10;&lt;</K></O><Empty/></D>', 'D');
  expect(childrenOf(root, 'O').map((object) => textOf(object, 'K'))).toEqual([' 007 ', 'a&b\r\n<']);
  expect(textOf(root, 'Empty')).toBe('');
  expect(textOf(root, 'Missing')).toBeUndefined();
});

test.for(['', 'text', '<D>', '<D><O></D>', '<Other></Other>', '<D>text</D>'])('%j is malformed', (text) => {
  expect(() => parseXml(text, 'D')).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
});

test('an entity that multiplies itself is not followed without end', () => {
  const bomb = `<!DOCTYPE D [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">]><D><O>${'&b;'.repeat(1000)}</O></D>`;
  let sizeBytes = 0;
  try {
    sizeBytes = JSON.stringify(parseXml(bomb, 'D')).length;
  } catch (error) {
    expect(error).toMatchObject({ code: 'MalformedXML' });
  }
  expect(sizeBytes).toBeLessThan(10_000_000);
});
