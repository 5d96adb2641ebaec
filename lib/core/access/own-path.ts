/**
 * Where to go after signing in: only a page of ours. Browsers take a backslash for a slash and leave out tabs and line
 * ends (WHATWG URL), so that a path has none of them: printable ASCII alone, as browsers write addresses.
 */
export function ownPath(asked: string | undefined): string {
  return asked && asked.length <= 2000 && /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(asked) ? asked : '/'
}
