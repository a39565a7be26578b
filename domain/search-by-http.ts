/** Settings and keys of a search server as plain HTTP gives them, past the client and its shapes. */
export interface SearchByHttp {
  /** By uid of the index, then by name of the setting: its value as JSON, the names in it in order. */
  settings: Record<string, Record<string, string>>;
  /** By uid of the key, then by name of its property, likewise; the secret as its sha256. */
  keys: Record<string, Record<string, string>>;
}

/** A document of an index by plain HTTP, as JSON with its names in order; `absent` where there is none. */
export type DocumentByHttp = string;

/** A row that was changed or deleted after the newest backup, and the document of it before and after. */
export interface EditedDocument {
  index: string;
  id: string;
  kind: 'changed' | 'deleted';
  before: DocumentByHttp;
  after: DocumentByHttp;
}
