export type Detector = 'canary' | 'email' | 'phone' | 'iban' | 'card' | 'source-value';

/** Told of everything that is found, with its place in the bytes, and of escapes such as `\u0040`. */
export interface Finds {
  found(detector: Detector, at: number, canaryId?: number): void;
  unicodeEscape(at: number): void;
}
