/** git-check-ref-format(1), and nothing that could be read as an option. */
export function isRefName(ref: string): boolean {
  if (ref === '' || ref.length > 250 || /^[-/.]|[/.]$|\.lock$|\.lock\/|\/\.|\/\/|\.\.|@\{/.test(ref)) return false
  return !/[\p{Cc} ~^:?*[\\]/u.test(ref)
}
