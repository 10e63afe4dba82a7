/** The content token that a lookup carries as cookie `itvt`, as it stands (Apple contract 8); undefined without one. */
export function itvtOf(cookie: string | undefined): string | undefined {
  for (const pair of (cookie ?? '').split(';')) {
    const [, value] = /^\s*itvt=(.*?)\s*$/.exec(pair) ?? []
    if (value) return value
  }
  return undefined
}
