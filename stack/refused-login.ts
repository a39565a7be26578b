/**
 * Whether PostgreSQL refused who came, and not what was asked: `invalid_password` or
 * `invalid_authorization_specification` (manual, appendix A).
 */
export function isRefusedLogin(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '28P01' || error.code === '28000');
}
