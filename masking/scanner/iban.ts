import { isDigit, isUpperLetter, isWordByte, type Reading } from './bytes.ts';

/** Length of an IBAN by country (ISO 13616, SWIFT's IBAN registry). */
const lengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/**
 * Reads the IBAN that begins at `at` into `code`, without the spaces between its groups of four. `undefined` when the
 * country, the length, the boundary or the check digits (mod 97, ISO 7064) are wrong.
 */
export function readIban(bytes: Buffer, at: number, to: number, code: Buffer): Reading | undefined {
  const length = lengths.get(bytes.toString('latin1', at, at + 2));
  if (length === undefined) return undefined;
  let index = at;
  for (let read = 0; read < length; read++) {
    if (read > 0 && read % 4 === 0 && bytes[index] === 0x20) index++;
    const byte = bytes[index];
    if (index >= to || !(isDigit(byte) || isUpperLetter(byte))) return undefined;
    code[read] = byte!;
    index++;
  }
  const bounded = index >= to || !isWordByte(bytes[index]);
  return bounded && remainder97(code, length) === 1 ? { length, end: index } : undefined;
}

/** The remainder by 97 of the code with its first four characters last, letters as the numbers 10 to 35. */
function remainder97(code: Buffer, length: number): number {
  let remainder = 0;
  for (let place = 0; place < length; place++) {
    const byte = code[(place + 4) % length]!;
    remainder = isDigit(byte) ? (remainder * 10 + byte - 0x30) % 97 : (remainder * 100 + byte - 0x37) % 97;
  }
  return remainder;
}
