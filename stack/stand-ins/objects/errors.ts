/** Status and message of every error that the store answers. Source: S3 API reference, "Error responses". */
const answers = {
  AccessDenied: [403, 'Access Denied.'],
  AuthorizationHeaderMalformed: [400, 'The authorization header that you provided is not valid.'],
  AuthorizationQueryParametersError: [
    400,
    'Query-string authentication needs all of its parameters, with valid values.',
  ],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BadRequest: [400, 'The request is not one that this store answers.'],
  BucketAlreadyOwnedByYou: [409, 'Your previous request to create the named bucket succeeded and you already own it.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed object size.'],
  IllegalVersioningConfigurationException: [400, 'Versioning configuration specified in the request is invalid.'],
  IncompleteBody: [400, 'You did not provide the number of bytes specified by the Content-Length HTTP header.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The Access Key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid argument.'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified is not valid.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found, or their entity tags do not match.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidRequest: [400, 'Invalid request.'],
  InvalidTag: [400, 'The tag you have provided is invalid.'],
  InvalidURI: [400, 'The specified URI could not be parsed.'],
  KeyTooLongError: [400, 'Your key is too long.'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate against our published schema.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  MissingContentMD5: [400, 'Missing required header for this request: Content-MD5 or a checksum.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified multipart upload does not exist. It may have been aborted or completed.'],
  NoSuchVersion: [404, 'The specified version does not exist.'],
  NotImplemented: [501, 'The built-in stand-in does not implement this function of S3.'],
  ObjectLockConfigurationNotFoundError: [404, 'Object Lock configuration does not exist for this bucket.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold.'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the time of the server is too large.'],
  SignatureDoesNotMatch: [
    403,
    'The signature we calculated does not match the one you provided. Check key and method.',
  ],
  XAmzContentChecksumMismatch: [400, 'The checksum you provided does not match what was computed.'],
  XAmzContentSHA256Mismatch: [400, 'The x-amz-content-sha256 you provided does not match what was computed.'],
  XMinioInvalidObjectName: [400, 'Object name contains unsupported characters.'],
  XMinioStorageFull: [
    507,
    'Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.',
  ],
} as const satisfies Record<string, readonly [number, string]>;

export type S3Code = keyof typeof answers;

/** Any error as a refusal: a full disk as MinIO tells it, everything else as an internal error. */
export function asS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  return new S3Error(isFullDisk(error) ? 'XMinioStorageFull' : 'InternalError');
}

/** Of the file system, or of SQLite: `SQLITE_FULL` (sqlite.org/rescode.html). */
function isFullDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ENOSPC') || ('errcode' in error && error.errcode === 13);
}

/** A refusal that goes to the client as S3's error document. Its message never holds a secret. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly code: S3Code;
  readonly status: number;
  /** Headers that the answer carries, e.g. of the delete marker that was met. */
  readonly headers: Record<string, string>;

  constructor(code: S3Code, message?: string, headers: Record<string, string> = {}) {
    super(message ?? answers[code][1]);
    this.code = code;
    this.status = answers[code][0];
    this.headers = headers;
  }
}
