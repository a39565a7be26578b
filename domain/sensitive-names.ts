/** What a column's name says it may hold that nobody should get unmasked without a reason. */
export type Sensitivity = 'secret' | 'free-text';

const secretWords = new Set(
  'password passwd pwd passphrase passcode secret token hash hashed salt otp totp mfa pin cvv cvc credential credentials cookie jwt bearer verifier signature apikey key_private private_key api_key access_key session_key refresh_token recovery_code backup_code'.split(
    ' ',
  ),
);
const proseWords = new Set(
  'note notes comment comments description remark remarks message body bio biography feedback reason subject text content memo details about summary review answer question transcript complaint'.split(
    ' ',
  ),
);
/** A name that ends so is of something about the secret or the text, not of itself: `password_changed_at`, `note_count`. */
const aboutIt = new Set(
  'at on date time count length size type kind id version enabled required expires expiry expired status code lang language ip'.split(
    ' ',
  ),
);

/** Judges a column by its name alone, in snake_case, camelCase or words. */
export function sensitivityOfName(column: string): Sensitivity | undefined {
  const words = column
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  if (words.length > 1 && aboutIt.has(last)) return undefined;
  const pairs = words.map((word, index) => `${word}_${words[index + 1] ?? ''}`);
  if ([...words, ...pairs].some((word) => secretWords.has(word))) return 'secret';
  return proseWords.has(last) ? 'free-text' : undefined;
}
