/** HTML as text: what is put in is escaped unless it is HTML already. */
export interface Html {
  readonly html: string
}

/** A template whose values are text, HTML, or lists of HTML. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const written = strings.flatMap((string, index) => {
    const value = values[index]
    return value === undefined ? [string] : [string, textOf(value)]
  })
  return { html: written.join('') }
}

function textOf(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return 'html' in value ? value.html : value.map((one) => one.html).join('')
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
